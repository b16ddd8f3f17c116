import json

from epsnet_mm.datasets.converters.coco_instances import read_instances
from epsnet_mm.datasets.converters.conversion_report import ConversionReport

import pytest

TRIANGLE = [[0, 0, 3, 0, 3, 3]]


def annotation(number, **changes):
    entry = dict(id=number, image_id=0, category_id=1, iscrowd=0, segmentation=TRIANGLE)
    return entry | changes


@pytest.fixture
def content():
    return dict(
        images=[
            dict(id=0, file_name='a.jpg', height=4, width=6, license=3),
            dict(id=1, file_name='sub/b.jpg', height=4, width=6),
        ],
        annotations=[annotation(10), annotation(11, image_id=1)],
        categories=[dict(id=1, name='car', supercategory='x')],
    )


@pytest.fixture
def read(tmp_path):
    """`read(content)`: the instances file and the report."""

    def run(content, skip_invalid=False):
        path = tmp_path / 'instances.json'
        path.write_text(json.dumps(content))
        report = ConversionReport()
        return read_instances(str(path), report, skip_invalid), report

    return run


def test_reads_all(content, read):
    source, report = read(content)
    assert source.categories == [dict(id=1, name='car', supercategory='x', isthing=1)]
    assert source.images == [
        dict(id=0, file_name='a.jpg', height=4, width=6),
        dict(id=1, file_name='sub/b.jpg', height=4, width=6),
    ]
    assert [[x.name for x in objects] for objects in source.instances] == [
        ['annotation 10'],
        ['annotation 11'],
    ]
    assert (report.images.num_read, report.objects.num_read) == (2, 2)
    assert not report.notes


@pytest.mark.parametrize(
    ('where', 'ids'),
    [
        ('annotations', ['0', '1']),
        ('annotations', [0.0, 1.0]),
        ('annotations', ['000', ' 1']),
        ('images', ['0', '1']),
    ],
)
def test_ids_of_different_types_are_the_same_by_value(content, read, where, ids):
    key = 'id' if where == 'images' else 'image_id'
    for entry, value in zip(content[where], ids, strict=True):
        entry[key] = value
    source, report = read(content)
    assert [len(objects) for objects in source.instances] == [1, 1]
    assert [image['id'] for image in source.images] == [0, 1]
    assert bool(report.notes) is (where == 'annotations')


def test_text_ids_are_numbered(content, read):
    for entry, value in zip(content['images'], ['frame_9', 'frame_3'], strict=True):
        entry['id'] = value
    content['annotations'] = [annotation(10, image_id='frame_3')]
    source, report = read(content)
    assert [image['id'] for image in source.images] == [1, 2]
    assert [len(objects) for objects in source.instances] == [0, 1]
    assert 'numbered from 1' in report.notes[0]


def test_categories_by_value(content, read):
    content['categories'][0]['id'] = '1'
    content['annotations'][0]['category_id'] = 1.0
    source, _ = read(content)
    assert source.categories[0]['id'] == 1
    assert source.instances[0][0].category_id == 1


@pytest.mark.parametrize('kind', [1, True, '1', None])
def test_all_categories_are_things(content, read, kind):
    content['categories'].append(dict(id=2, name='road', isthing=kind))
    assert [x['isthing'] for x in read(content)[0].categories] == [1, 1]


@pytest.mark.parametrize('kind', [0, False, '0', 'yes'])
def test_stuff_does_not_become_a_thing(content, read, kind):
    content['categories'].append(dict(id=2, name='road', isthing=kind))
    with pytest.raises(ValueError, match=r"categories\[1\].*'road'.*is not a thing"):
        read(content)


@pytest.mark.parametrize('height', [4, None])
def test_images_that_share_an_id_are_all_left_out(content, read, height):
    content['images'].append(dict(id='0', file_name='c.jpg', height=height, width=6))
    with pytest.raises(ValueError, match='several images have the id 0'):
        read(content)
    source, report = read(content, skip_invalid=True)
    # Nobody can tell on which of both the object is.
    assert [image['file_name'] for image in source.images] == ['sub/b.jpg']
    assert [[x.name for x in objects] for objects in source.instances] == [
        ['annotation 11']
    ]
    assert report.images.left_out.total() == 2
    assert report.objects.left_out == {'of an image left out': 1}


def test_an_image_that_is_listed_twice_stays(content, read):
    content['images'].append(dict(content['images'][0]))
    source, report = read(content, skip_invalid=True)
    assert [len(objects) for objects in source.instances] == [1, 1]
    assert report.images.left_out == {'with the id of another image': 1}


@pytest.mark.parametrize(
    ('value', 'expected'),
    [(None, 0), ('0', 0), ('1', 1), (True, 1), (0.0, 0)],
)
def test_iscrowd_by_value(content, read, value, expected):
    content['annotations'][0]['iscrowd'] = value
    source, _ = read(content)
    assert source.instances[0][0].iscrowd == expected
    del content['annotations'][0]['iscrowd']
    assert read(content)[0].instances[0][0].iscrowd == 0


INVALID = [
    (annotation(20, image_id=7), 'of an unknown image'),
    (annotation(20, image_id=None), 'of an unknown image'),
    (annotation(20, image_id=[0]), 'of an unknown image'),
    (annotation(20, category_id=9), 'of an unknown category'),
    (annotation(20, category_id=None), 'of an unknown category'),
    (annotation(20, iscrowd=2), 'with an unknown `iscrowd`'),
    (annotation(20, iscrowd='no'), 'with an unknown `iscrowd`'),
    (annotation(20, segmentation=[]), 'without a mask (box only)'),
    (annotation(20, segmentation=None), 'without a mask (box only)'),
    (
        annotation(20, segmentation=[[0, 0, 1, 1]]),
        'with a segmentation that cannot be decoded',
    ),
    (
        annotation(20, segmentation=dict(size=[4, 6], counts=[3, 3])),
        'with a segmentation that cannot be decoded',
    ),
    ('text', 'that are no JSON objects'),
]


@pytest.mark.parametrize(('entry', 'reason'), INVALID)
def test_invalid_annotations_are_named(content, read, entry, reason):
    content['annotations'].append(entry)
    with pytest.raises(ValueError, match='--skip-invalid') as caught:
        read(content)
    assert f'1 of 3 annotations cannot be converted: 1 {reason}' in str(caught.value)
    source, report = read(content, skip_invalid=True)
    assert sum(map(len, source.instances)) == 2
    assert report.objects.left_out == {reason: 1}


def test_all_reasons_are_in_one_sentence(content, read):
    content['annotations'] += [entry for entry, _ in INVALID]
    with pytest.raises(ValueError, match='12 of 14 annotations') as caught:
        read(content)
    text = str(caught.value)
    assert '3 of an unknown image, e.g. annotation 20 (`image_id` 7); 2 of' in text
    assert '2 without a mask (box only), e.g. annotation 20' in text
    assert 'counts that add up to' not in text  # one example per reason
    assert '\n' not in text


def test_annotation_without_id_is_named_by_its_place(content, read):
    entry = annotation(0, image_id=7)
    del entry['id']
    content['annotations'].append(entry)
    with pytest.raises(ValueError, match='annotation number 2'):
        read(content)


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(id=None), r'images\[1\].id is None'),
        (dict(height=0), r'images\[1\].height is 0, but must be a whole'),
        (dict(width=-6), 'a whole number of pixels'),
        (dict(width=None), 'a whole number of pixels'),
        (dict(width=10**9, height=10**9), 'at most .* are allowed'),
        (dict(file_name='../b.jpg'), 'below the folder'),
        (dict(file_name='/b.jpg'), 'below the folder'),
        (dict(file_name=7), 'below the folder'),
    ],
)
def test_invalid_images(content, read, changes, message):
    content['images'][1].update(changes)
    with pytest.raises(ValueError, match=message):
        read(content)
    source, report = read(content, skip_invalid=True)
    assert len(source.images) == 1
    assert report.images.left_out.total() == 1
    (reason,) = report.objects.left_out
    assert reason in ('of an image left out', 'of an unknown image')


@pytest.mark.parametrize(
    ('key', 'value', 'message'),
    [
        ('images', [], 'an empty list `images`'),
        ('categories', [], 'an empty list `categories`'),
        ('images', {}, 'lacks `images` as a list'),
        ('annotations', None, 'lacks `annotations` as a list'),
        ('categories', [3], '3 is no object'),
        ('categories', [dict(id=1, name=5)], 'a `name` that is no text'),
        ('categories', [dict(id='x', name='car')], 'no integer'),
        ('categories', [dict(name='car')], 'lacks `id`'),
        ('categories', [dict(id=1, name=x) for x in 'ab'], 'have the id 1'),
    ],
)
def test_wrong_lists(content, read, key, value, message):
    content[key] = value
    with pytest.raises(ValueError, match=message):
        read(content)


def test_crowds_that_are_objects_are_named(content, read):
    """CVAT writes masks with `iscrowd` 1."""
    content['annotations'][0]['iscrowd'] = 1
    assert not read(content)[1].notes
    content['annotations'][1]['iscrowd'] = 1
    (note,) = read(content)[1].notes
    assert '2 of 2 objects are crowds' in note
