import json

from epsnet_mm.datasets.converters.coco_instances import Instance
from epsnet_mm.datasets.converters.coco_to_panoptic import (
    convert_coco,
    merge_segments,
)

import cv2
import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask


def rle(mask):
    encoded = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    return dict(size=encoded['size'], counts=encoded['counts'].decode())


def box(x1, y1, x2, y2):
    return [[x1, y1, x2, y1, x2, y2, x1, y2]]


def instance(category_id, segmentation, iscrowd=0, name='x'):
    return Instance(name, category_id, iscrowd, segmentation)


def test_crowds_then_large_then_small_objects_lie_over_stuff():
    labels = np.full((4, 6), 50)
    labels[:, 5] = -1
    crowd = np.zeros((4, 6), bool)
    crowd[0:2] = True
    # COCO's uncompressed RLE runs down the columns.
    whole = dict(size=[4, 6], counts=[0, 24])
    objects = [
        instance(1, box(0, 0, 1, 1)),
        instance(2, box(0, 0, 3, 1)),
        instance(1, rle(crowd), iscrowd=1),
        instance(3, whole, iscrowd=1),
    ]
    ids, segments, lost = merge_segments(labels, objects)
    # The stuff, 1, is below the crowd of the whole image.
    assert [(x['id'], x['category_id'], x['iscrowd']) for x in segments] == [
        (2, 3, 1),
        (3, 1, 1),
        (4, 2, 0),
        (5, 1, 0),
    ]
    assert lost == [('covered by objects', None)]
    assert ids.tolist() == [
        [5, 4, 4, 3, 3, 3],
        [3, 3, 3, 3, 3, 3],
        [2, 2, 2, 2, 2, 2],
        [2, 2, 2, 2, 2, 2],
    ]


def test_objects_that_are_not_visible():
    outside = instance(1, box(10, 10, 20, 20), name='outside')
    covered = instance(1, box(0, 0, 2, 2), name='covered')
    above = instance(2, box(0, 0, 2, 2), name='above')
    ids, segments, lost = merge_segments(np.full((4, 6), -1), [outside, covered, above])
    assert [x['category_id'] for x in segments] == [2]
    assert np.count_nonzero(ids) == 4
    assert lost == [
        ('without a pixel inside of the image', outside),
        ('covered by objects', covered),
    ]


@pytest.fixture
def coco(source, tmp_path):
    """The source as COCO instances and maps of stuff."""
    instances = []
    (tmp_path / 'stuff').mkdir()
    for annotation in source.content['annotations']:
        labels = source.category_map(annotation)
        cv2.imwrite(
            str(tmp_path / 'stuff' / annotation['file_name']),
            np.where(labels < 10, 183, labels).astype(np.uint8),
        )
        for segment in annotation['segments_info']:
            if segment['category_id'] < 10:
                mask = source.ids(annotation) == segment['id']
                instances.append(
                    dict(
                        id=len(instances),
                        image_id=annotation['image_id'],
                        category_id=segment['category_id'],
                        iscrowd=segment['iscrowd'],
                        segmentation=rle(mask),
                    )
                )
    things = [
        {key: category[key] for key in ('id', 'name', 'color')}
        for category in source.categories
        if category['isthing']
    ]
    (tmp_path / 'instances.json').write_text(
        json.dumps(
            dict(
                images=source.content['images'],
                annotations=instances,
                categories=things,
            )
        )
    )
    (tmp_path / 'stuff.json').write_text(
        json.dumps(
            [category for category in source.categories if not category['isthing']]
        )
    )
    return tmp_path


def convert(folder, stuff=True, ignored=(183,), **kwargs):
    ann_file = folder / 'panoptic_val.json'
    report = convert_coco(
        str(folder / 'instances.json'),
        str(folder / 'stuff') if stuff else None,
        str(folder / 'stuff.json') if stuff else None,
        str(ann_file),
        ignored=ignored,
        **kwargs,
    )
    return ann_file, report


def test_round_trip(source, coco, read_back):
    """Objects, crowds and stuff are what they were, up to their ids."""
    crowds = 0
    ann_file, report = convert(coco, image_dir=str(source.images))
    converted = read_back(ann_file, source.images)
    for old, new in zip(source.content['annotations'], converted, strict=True):
        old_ids = source.ids(old)
        assert new['image_id'] == old['image_id']
        assert len(new['segments_info']) == len(old['segments_info'])
        new_by_place = {
            (new['ids'] == x['id']).tobytes(): x for x in new['segments_info']
        }
        for segment in old['segments_info']:
            match = new_by_place[(old_ids == segment['id']).tobytes()]
            for key in ('category_id', 'iscrowd', 'area', 'bbox'):
                assert match[key] == segment[key]
            crowds += segment['iscrowd']
    assert crowds > 0
    for tally in (report.images, report.masks, report.objects, report.stuff):
        assert tally.num_read == tally.num_written > 0


def change(folder, name, edit):
    content = json.loads((folder / name).read_text())
    edit(content)
    (folder / name).write_text(json.dumps(content))


@pytest.mark.parametrize(
    ('name', 'edit', 'message'),
    [
        ('instances.json', lambda c: c.pop('images'), 'lacks `images`'),
        ('instances.json', lambda c: c['images'][0].pop('width'), 'lacks `width`'),
        (
            'instances.json',
            lambda c: c['annotations'][0].pop('segmentation'),
            '1 without a mask',
        ),
        (
            'instances.json',
            lambda c: c['annotations'][0].update(category_id=77),
            '1 of an unknown category',
        ),
        (
            'instances.json',
            lambda c: c['categories'].append(dict(id=11, name='lawn')),
            'have the id 11',
        ),
        ('stuff.json', lambda c: c[0].update(isthing=1), 'is a thing'),
    ],
)
def test_bad_files(coco, name, edit, message):
    change(coco, name, edit)
    with pytest.raises(ValueError, match=message):
        convert(coco)


def test_unknown_stuff_and_missing_files(coco):
    with pytest.raises(ValueError, match=r'value 183.*--ignore 183'):
        convert(coco, ignored=())
    (coco / 'instances.json').unlink()
    with pytest.raises(FileNotFoundError, match=r'instances.json'):
        convert(coco)


def test_skip_invalid_names_and_counts_all(source, coco, read_back):
    def spoil(content):
        entries = content['annotations']
        entries[0].update(image_id=999)
        entries[1].update(segmentation=[])
        entries[2].update(segmentation=[[0, 0, 1e9, 0, float('nan'), 1]])

    change(coco, 'instances.json', spoil)
    (coco / 'stuff/000000003.png').unlink()
    cv2.imwrite(str(coco / 'stuff/000000004.png'), np.zeros((9, 9), np.uint8))
    cv2.imwrite(str(coco / 'stuff/other.png'), np.zeros((9, 9), np.uint8))
    with pytest.raises(ValueError, match=r'3 of .* annotations cannot be converted'):
        convert(coco)
    ann_file, report = convert(coco, skip_invalid=True)
    read_back(ann_file, source.images)
    assert report.images.left_out == {
        'without a mask': 1,
        'with a mask of another size': 1,
    }
    assert report.masks.left_out == {'without an image': 1, 'of an image left out': 1}
    reasons = report.objects.left_out
    assert reasons.pop('of an image left out') > 0
    assert reasons == {
        'of an unknown image': 1,
        'without a mask (box only)': 1,
        'with a segmentation that cannot be decoded': 1,
    }


def test_error_leaves_nothing_behind(coco):
    cv2.imwrite(str(coco / 'stuff/000000004.png'), np.zeros((9, 9), np.uint8))
    before = sorted(path.name for path in coco.iterdir())
    with pytest.raises(ValueError, match=r'000000004.*9 x 9 .* 64 x 64'):
        convert(coco)
    assert sorted(path.name for path in coco.iterdir()) == before


def test_without_stuff(source, coco, read_back):
    """The objects of exports that know no stuff, and an unused super-category."""
    change(
        coco,
        'instances.json',
        lambda c: c['categories'].insert(0, dict(id=0, name='shapes')),
    )
    ann_file, report = convert(coco, stuff=False)
    names = [x['name'] for x in json.loads(ann_file.read_text())['categories']]
    assert names[0] == 'shapes'
    assert 'Categories without a segment: shapes.' in report.summary()
    assert report.objects.num_read == report.objects.num_written
    assert not report.masks.num_read
    for annotation in read_back(ann_file, source.images):
        assert all(x['category_id'] < 10 for x in annotation['segments_info'])

    ann_file.unlink()
    ann_file.with_suffix('').rename(coco / 'old')
    ann_file, report = convert(coco, stuff=False, used_only=True)
    used = json.loads(ann_file.read_text())['categories']
    assert [x['name'] for x in used] == names[1:]
    assert 'without a segment, left out: shapes.' in report.summary()


def test_far_coordinates_convert(source, coco, read_back):
    change(
        coco,
        'instances.json',
        lambda c: c['annotations'][0].update(
            segmentation=[[0, 0, 1e9, 0, 1e9, 1e9, 0, 1e9]]
        ),
    )
    ann_file, _ = convert(coco, stuff=False)
    assert (read_back(ann_file, source.images)[0]['ids'] > 0).all()


def make_export(folder, exif=1, height=8):
    """One image of 12 x 8 stored pixels with one object, and no stuff."""
    orientation = Image.Exif()
    orientation[274] = exif
    (folder / 'images').mkdir()
    Image.new('RGB', (12, 8)).save(folder / 'images/a.jpg', exif=orientation)
    content = dict(
        images=[dict(id=5, file_name='a.jpg', height=height, width=12)],
        annotations=[
            dict(id=1, image_id=5, category_id=1, segmentation=box(0, 0, 3, 2))
        ],
        categories=[dict(id=1, name='car')],
    )
    (folder / 'instances.json').write_text(json.dumps(content))
    return dict(stuff=False, image_dir=str(folder / 'images'))


@pytest.mark.parametrize('exif', [3, 6])
def test_annotations_in_stored_orientation(tmp_path, read_back, exif):
    arguments = make_export(tmp_path, exif)
    with pytest.raises(ValueError, match=f'the EXIF orientation {exif}'):
        convert(tmp_path, **arguments)
    ann_file, _ = convert(tmp_path, mask_orientation='stored', **arguments)
    (annotation,) = read_back(ann_file, tmp_path / 'images')
    expected = [9, 6, 3, 2] if exif == 3 else [6, 0, 2, 3]
    assert annotation['segments_info'][0]['bbox'] == expected


def test_image_file_of_another_size(tmp_path):
    arguments = make_export(tmp_path, height=9)
    with pytest.raises(ValueError, match=r'is 12 x 8 pixels, but .* says 12 x 9'):
        convert(tmp_path, **arguments)
