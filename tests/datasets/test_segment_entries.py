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
    return parse_segments(rows, LABELS, 1, (50, 40), 'p.json, a.jpg: annotations[7]')


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
    message = rf'a.jpg: annotations\[7\].segments_info\[1\] .* lacks `{key}`'
    with pytest.raises(ValueError, match=message):
        parse(row(id=9), broken)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(category_id=8), 'category_id is the unknown category 8'),
        (dict(category_id=[3]), r'category_id is \[3\], but must be the id'),
        (dict(category_id=True), 'category_id is True'),
        (dict(bbox=None), 'bbox is None, but must be four finite numbers'),
        (dict(bbox=[1, 2, 3]), 'bbox is .* four finite numbers'),
        (dict(bbox=['1', 2, 3, 4]), 'bbox is .* four finite numbers'),
        (dict(bbox='1234'), 'bbox is .* four finite numbers'),
        (dict(bbox=[True, 2, 3, 4]), 'bbox is .* four finite numbers'),
        (dict(bbox=[1, 2, float('nan'), 4]), 'bbox is .* four finite numbers'),
        (dict(bbox=[float('inf'), 2, 3, 4]), 'bbox is .* four finite numbers'),
        (dict(bbox=[1, 2, 10**400, 4]), 'bbox is .* four finite numbers'),
        (dict(bbox=[1, 2, 42, 4]), r'bbox is .* in the image of 40 x 50 pixels'),
        (dict(bbox=[1, -3, 4, 4]), r'bbox is .* in the image of 40 x 50 pixels'),
        (dict(area='9'), "area is '9', but must be a finite number"),
        (dict(area=None), 'area is None'),
        (dict(area=10**400), 'area is 1000'),
        (dict(iscrowd=2), 'iscrowd is 2, but must be 0 or 1'),
        (dict(iscrowd='0'), "iscrowd is '0', but must be 0 or 1"),
        (dict(iscrowd=None), 'iscrowd is None'),
        (dict(iscrowd=[]), 'iscrowd is'),
        (dict(id=0), 'id is 0, but must be an integer from 1'),
        (dict(id=256**3), 'id is 16777216, but'),
        (dict(id=5.5), 'id is 5.5, but'),
        (dict(id='5'), "id is '5', but"),
        (dict(id=True), 'id is True, but'),
        (dict(id=None), 'id is None, but'),
    ],
)
def test_bad_values(change, message):
    where = r'^p.json, a.jpg: annotations\[7\].segments_info\[0\]'
    with pytest.raises(ValueError, match=rf'{where}.*{message}'):
        parse(row(**change))


@pytest.mark.parametrize('segment', [None, 5, 'x', [], [1]])
def test_rows_that_are_no_objects(segment):
    with pytest.raises(ValueError, match=r'segments_info\[0\] is .* an object'):
        parse(segment)


def test_box_may_leave_the_image_by_a_pixel():
    (instance,) = parse(row(bbox=[-1, -0.5, 42, 51.5])).instances
    assert instance['bbox'] == [-1, -0.5, 41, 51.0]


@pytest.mark.parametrize('change', [dict(), dict(area=0), dict(category_id=7)])
def test_repeated_id(change):
    with pytest.raises(
        ValueError, match=r'a.jpg: annotations.7.: several segments have the id 5'
    ):
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
