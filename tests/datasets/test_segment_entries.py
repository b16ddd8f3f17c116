"""Rows of `segments_info`, good and bad ones."""

from epsnet_mm.datasets.segment_entries import (
    has_things,
    parse_segments,
    unusable_warning,
)

import pytest

# Category 3 is a thing, 7 is stuff.
LABELS = {3: 0, 7: 1}


def row(**changes) -> dict:
    return dict(
        dict(id=5, category_id=3, bbox=[1, 2, 3, 4], area=9, iscrowd=0), **changes
    )


def parse(*rows: dict):
    return parse_segments(rows, LABELS, 1, 'p.json, a.jpg')


def test_thing():
    entries = parse(row())
    assert entries.segments_info == [
        dict(id=5, category=0, is_thing=True, is_crowd=False)
    ]
    assert entries.instances == [dict(bbox=[1, 2, 4, 6], bbox_label=0, ignore_flag=0)]
    assert entries.unusable_ids == []


def test_crowd_is_an_ignored_instance():
    entries = parse(row(iscrowd=1))
    assert entries.segments_info == [
        dict(id=5, category=0, is_thing=False, is_crowd=True)
    ]
    assert entries.instances[0]['ignore_flag'] == 1


@pytest.mark.parametrize('crowd', [0, 1])
def test_stuff_is_no_instance(crowd):
    entries = parse(row(category_id=7, iscrowd=crowd))
    assert entries.segments_info == [
        dict(id=5, category=1, is_thing=False, is_crowd=False)
    ]
    assert entries.instances == []


def test_missing_iscrowd_is_no_crowd():
    without = row()
    del without['iscrowd']
    assert parse(without) == parse(row())


def test_integral_float_is_an_id():
    (segment,) = parse(row(id=5.0)).segments_info
    assert isinstance(segment['id'], int)


@pytest.mark.parametrize(
    'change',
    [dict(area=0), dict(area=-1), dict(bbox=[1, 2, 0.9, 4]), dict(bbox=[1, 2, 3, 0])],
)
@pytest.mark.parametrize('kind', [dict(), dict(iscrowd=1), dict(category_id=7)])
def test_rows_without_extent(change, kind):
    entries = parse(row(**change, **kind), row(id=6))
    assert entries.unusable_ids == [5]
    assert [segment['id'] for segment in entries.segments_info] == [6]
    assert len(entries.instances) == 1


@pytest.mark.parametrize('key', ['id', 'category_id', 'bbox', 'area'])
def test_missing_key(key):
    broken = row()
    del broken[key]
    with pytest.raises(ValueError, match=rf"a.jpg: .* \('{key}' not found\)"):
        parse(broken)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(category_id=8), '8 not found'),
        (dict(category_id=[3]), 'cannot be used'),
        (dict(bbox=None), 'cannot be used'),
        (dict(bbox=[1, 2, 3]), 'cannot be used'),
        (dict(bbox=['1', 2, 3, 4]), 'cannot be used'),
        (dict(bbox=[1, 2, float('nan'), 4]), 'finite'),
        (dict(bbox=[float('inf'), 2, 3, 4]), 'finite'),
        (dict(area='9'), 'cannot be used'),
        (dict(area=None), 'cannot be used'),
        (dict(iscrowd=2), '`iscrowd`'),
        (dict(iscrowd='0'), '`iscrowd`'),
        (dict(iscrowd=None), '`iscrowd`'),
        (dict(id=0), '`id` must be'),
        (dict(id=256**3), '`id` must be'),
        (dict(id=5.5), '`id` must be'),
        (dict(id='5'), '`id` must be'),
        (dict(id=None), 'cannot be used'),
    ],
)
def test_bad_values(change, message):
    with pytest.raises(ValueError, match=f'^p.json, a.jpg: .*{message}'):
        parse(row(**change))


@pytest.mark.parametrize('change', [dict(), dict(area=0), dict(category_id=7)])
def test_repeated_id(change):
    with pytest.raises(ValueError, match=r'a.jpg: several segments have the id 5'):
        parse(row(), row(**change))


def test_has_things():
    def info(*flags):
        return dict(instances=[dict(ignore_flag=flag) for flag in flags])

    assert not has_things(info())
    assert not has_things(info(1, 1))
    assert has_things(info(1, 0))


def test_warning():
    text = unusable_warning('p.json', {'a.jpg': [5, 6], 'b.jpg': [7]})
    assert 'p.json has 3 segments' in text
    assert 'the id 5 of a.jpg' in text
