from types import SimpleNamespace

from epsnet_mm.datasets.converters.conversion_report import (
    ConversionReport,
    InvalidItemError,
    Tally,
)

import pytest

CATEGORIES = [
    dict(id=1, name='car', isthing=1),
    dict(id=2, name='sky', isthing=0),
    dict(id=3, name='vehicles', isthing=1),
]


def writer_of(*category_ids):
    """A writer of one image with segments of some categories."""
    segments = [dict(category_id=category_id) for category_id in category_ids]
    return SimpleNamespace(
        images=[{}],
        annotations=[dict(segments_info=segments)],
        categories=CATEGORIES,
        summary=lambda: 'Wrote it.',
    )


def test_tally():
    tally = Tally('objects')
    assert not tally.lines()
    tally.num_read, tally.num_written = 6, 2
    tally.leave_out('too small', 'in a.jpg')
    tally.leave_out('hidden', 'object 7', 2)
    tally.leave_out('hidden', 'object 8')
    tally.leave_out('never', 'object 9', 0)
    tally.check()
    assert tally.lines() == [
        'objects: 6 read, 2 written, 4 left out',
        '  3 hidden, e.g. object 7',
        '  1 too small, e.g. in a.jpg',
    ]


@pytest.mark.parametrize('num_written', [1, 3])
def test_lost_or_doubled_items_are_a_bug(num_written):
    tally = Tally('objects')
    tally.num_read, tally.num_written = 3, num_written
    tally.leave_out('hidden', 'object 7')
    with pytest.raises(RuntimeError, match=r'3 objects were read, but [24] were'):
        tally.check()


def test_summary():
    report = ConversionReport()
    report.images.num_read = 2
    report.objects.num_read = 3
    report.stuff.num_read = 1
    error = InvalidItemError('without a mask', 'b.jpg lacks b.png; add it.')
    report.leave_out_image('b.jpg', error, num_objects=1)
    report.finish(writer_of(1, 1, 2))
    assert report.summary().splitlines() == [
        'Wrote it.',
        'images: 2 read, 1 written, 1 left out',
        '  1 without a mask, e.g. b.jpg (b.jpg lacks b.png; add it.)',
        'objects: 3 read, 2 written, 1 left out',
        '  1 of an image left out, e.g. b.jpg',
        'stuff regions: 1 read, 1 written',
        'Categories without a segment: vehicles.',
    ]


@pytest.mark.parametrize('missing', ['images', 'objects', 'stuff'])
def test_every_sum_is_checked(missing):
    report = ConversionReport()
    counts = dict(images=1, objects=1, stuff=1)
    counts[missing] += 1
    for key, count in counts.items():
        getattr(report, key).num_read = count
    with pytest.raises(RuntimeError, match=r'2 .* were read, but 1 were'):
        report.finish(writer_of(1, 2))


def test_used_only():
    report = ConversionReport()
    report.images.num_read = report.objects.num_read = 1
    writer = writer_of(1)
    report.finish(writer, used_only=True)
    assert writer.categories == CATEGORIES[:1]
    assert 'without a segment, left out: sky, vehicles.' in report.summary()


def test_nothing_written_is_an_error():
    report = ConversionReport()
    report.images.num_read = report.objects.num_read = 1
    report.objects.leave_out('hidden', 'object 7')
    with pytest.raises(ValueError, match=r'No segment .* 1 hidden, e.g. object 7\.'):
        report.finish(writer_of())
