"""The rules of annotation files."""

from epsnet_mm.structures.panoptic_schema import (
    MEASURED_SEGMENT,
    all_segment_faults,
    segment_faults,
    sound_categories,
    sound_segments,
    structure_problems,
)

import pytest


def test_all_problems_are_found_at_once(content):
    assert not list(structure_problems(content))
    content['categories'][0].update(id=3)
    content['categories'][1].pop('isthing')
    content['images'].append(dict(id=3, file_name='c.jpeg', width=6))
    found = list(structure_problems(content))
    assert len(found) == 4
    for text, problem in zip(
        ('have the id 3', 'lacks `isthing`', 'lacks `height`', '1 images have no'),
        found,
        strict=True,
    ):
        assert text in problem


@pytest.mark.parametrize(
    ('change', 'where'),
    [
        (lambda c: c['images'].append(None), 'images[2] is None'),
        (lambda c: c['images'][1].update(id=True), 'images[1].id is True'),
        (lambda c: c['images'][1].update(id=[2]), 'images[1].id is [2]'),
        (lambda c: c['images'][0].update(width='6'), "images[0].width is '6'"),
        (lambda c: c['images'][0].update(height=0), 'images[0].height is 0'),
        (lambda c: c['images'][0].update(file_name=3), 'images[0].file_name is 3'),
        (lambda c: c['images'][0].update(file_name='a\0'), 'images[0].file_name is'),
        (lambda c: c['images'][0].update(file_name='\ud800'), 'images[0].file_name is'),
        (lambda c: c['annotations'].append([]), 'annotations[2] is []'),
        (
            lambda c: c['annotations'][0].update(segments_info=None),
            'annotations[0].segments_info is None',
        ),
        (
            lambda c: c['annotations'][0].update(file_name=False),
            'annotations[0].file_name is False',
        ),
        (lambda c: c['categories'].append(5), 'categories[4] 5 is no object'),
    ],
)
def test_values_of_any_type(content, change, where):
    change(content)
    found = list(structure_problems(content))
    assert where in found[0]


def test_text_ids_are_ids(content):
    for entries, key in (('images', 'id'), ('annotations', 'image_id')):
        for entry in content[entries]:
            entry[key] = f'image {entry[key]}'
    assert not list(structure_problems(content))


def test_segments(content):
    assert not list(all_segment_faults(content))
    rows = content['annotations'][0]['segments_info']
    rows[1]['category_id'] = 4
    rows[2]['id'] = 1.5
    rows[3] = 'x'
    assert [fault.split(' is ')[0] for fault in all_segment_faults(content)] == [
        'annotations[0].segments_info[1].category_id',
        'annotations[0].segments_info[2].id',
        'annotations[0].segments_info[3]',
    ]


def test_measures_are_needed_for_training_only():
    row = dict(id=1, category_id=2)
    assert not list(segment_faults(row, 'x', {2}))
    found = list(segment_faults(row, 'x', {2}, MEASURED_SEGMENT))
    assert [fault.split('`')[1] for fault in found] == ['area', 'bbox']


def test_sound_entries(content):
    content['categories'][0]['id'] = None
    content['annotations'][0]['segments_info'][1]['id'] = None
    content['annotations'][1]['image_id'] = None
    assert [x['id'] for x in sound_categories(content)] == [3, 5, 9]
    ((image_id, rows),) = sound_segments(content)
    assert image_id == 1
    assert [row['id'] for row in rows] == [20, 70000, 10]
