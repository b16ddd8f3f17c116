import json

from epsnet_mm.datasets.converters.coco_to_panoptic import (
    convert_coco,
    merge_segments,
)

import cv2
import numpy as np
import pytest
from pycocotools import mask as coco_mask


def rle(mask):
    encoded = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    return dict(size=encoded['size'], counts=encoded['counts'].decode())


def box(x1, y1, x2, y2):
    return [[x1, y1, x2, y1, x2, y2, x1, y2]]


def test_crowds_then_large_then_small_objects_lie_over_stuff():
    labels = np.full((4, 6), 50)
    labels[:, 5] = -1
    crowd = np.zeros((4, 6), bool)
    crowd[0:2] = True
    # COCO's uncompressed RLE runs down the columns.
    whole = dict(size=[4, 6], counts=[0, 24])
    objects = [
        dict(category_id=1, segmentation=box(0, 0, 1, 1), iscrowd=0),
        dict(category_id=2, segmentation=box(0, 0, 3, 1), iscrowd=0),
        dict(category_id=1, segmentation=rle(crowd), iscrowd=1),
        dict(category_id=3, segmentation=whole, iscrowd=1),
    ]
    ids, segments = merge_segments(labels, objects)
    assert [(x['category_id'], x['iscrowd']) for x in segments] == [
        (50, 0),
        (3, 1),
        (1, 1),
        (2, 0),
        (1, 0),
    ]
    assert ids.tolist() == [
        [5, 4, 4, 3, 3, 3],
        [3, 3, 3, 3, 3, 3],
        [2, 2, 2, 2, 2, 2],
        [2, 2, 2, 2, 2, 2],
    ]


def test_bad_segmentation():
    target = dict(id=8, category_id=1, segmentation=rle(np.ones((3, 3))))
    with pytest.raises(ValueError, match='annotation 8 cannot be decoded'):
        merge_segments(np.zeros((4, 6), int), [target])


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


def convert(folder, ignored=(0, 255, 183)):
    ann_file = folder / 'panoptic_val.json'
    convert_coco(
        str(folder / 'instances.json'),
        str(folder / 'stuff'),
        str(folder / 'stuff.json'),
        str(ann_file),
        ignored=ignored,
    )
    return ann_file


def test_round_trip(source, coco, read_back):
    """Objects, crowds and stuff are what they were, up to their ids."""
    crowds = 0
    converted = read_back(convert(coco), source.images)
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


def change(folder, name, edit):
    content = json.loads((folder / name).read_text())
    edit(content)
    (folder / name).write_text(json.dumps(content))


@pytest.mark.parametrize(
    ('name', 'edit', 'message'),
    [
        ('instances.json', lambda c: c.pop('images'), 'lacks `images`'),
        ('instances.json', lambda c: c['images'][0].pop('width'), 'lacks `id`'),
        (
            'instances.json',
            lambda c: c['annotations'][0].pop('segmentation'),
            'lacks segmentation',
        ),
        (
            'instances.json',
            lambda c: c['annotations'][0].update(category_id=77),
            'a known `category_id`',
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
        convert(coco, ignored=(0, 255))
    (coco / 'instances.json').unlink()
    with pytest.raises(FileNotFoundError, match=r'instances.json'):
        convert(coco)
