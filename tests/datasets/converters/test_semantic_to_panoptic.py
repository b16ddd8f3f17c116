import json

from epsnet_mm.datasets.converters.semantic_to_panoptic import (
    convert_semantic,
    split_segments,
)

import cv2
import numpy as np
import pytest

from .conftest import as_categories

CATEGORIES = [
    dict(id=5, name='sky', isthing=0),
    dict(id=7, name='car', isthing=1),
    dict(id=9, name='sea', isthing=0),
]


def test_things_are_split_and_stuff_is_not():
    labels = np.array(
        [
            [5, 5, 7, 7, 5],
            [5, 7, 0, 0, 5],
            [7, 0, 5, 0, 7],
        ]
    )
    ids, segments = split_segments(labels, CATEGORIES, min_area=1)
    # Corners join: four pixels are one car, the last one is another.
    assert ids.tolist() == [
        [1, 1, 2, 2, 1],
        [1, 2, 0, 0, 1],
        [2, 0, 1, 0, 3],
    ]
    assert segments == [
        dict(id=1, category_id=5, iscrowd=0),
        dict(id=2, category_id=7, iscrowd=0),
        dict(id=3, category_id=7, iscrowd=0),
    ]


def test_small_things_become_unlabelled_but_small_stuff_stays():
    labels = np.array([[7, 7, 0, 7], [5, 0, 0, 0]])
    ids, segments = split_segments(labels, CATEGORIES, min_area=2)
    assert ids.tolist() == [[2, 2, 0, 0], [1, 0, 0, 0]]
    assert len(segments) == 2


@pytest.fixture
def masks(source, tmp_path):
    """The source's category maps, and its class list."""
    (tmp_path / 'masks').mkdir()
    for annotation in source.content['annotations']:
        cv2.imwrite(
            str(tmp_path / 'masks' / annotation['file_name'].replace('.', '_m.')),
            source.category_map(annotation),
        )
    (tmp_path / 'classes.json').write_text(json.dumps(source.categories))
    return tmp_path / 'masks'


def convert(source, masks, **kwargs):
    ann_file = masks.parent / 'out/panoptic_val.json'
    writer = convert_semantic(
        str(source.images),
        str(masks),
        str(masks.parent / 'classes.json'),
        str(ann_file),
        mask_suffix='_m.png',
        **kwargs,
    )
    return ann_file, writer


def test_round_trip(source, masks, read_back):
    ann_file, writer = convert(source, masks)
    converted = read_back(ann_file, source.images)
    assert len(converted) == 24
    for old, new in zip(source.content['annotations'], converted, strict=True):
        assert (as_categories(new['ids'], new) == source.category_map(old)).all()
        # Each segment is one component of an old class, and each old object
        # lies in segments of its class.
        for segment in new['segments_info']:
            mask = (new['ids'] == segment['id']).astype(np.uint8)
            if segment['category_id'] < 10:
                assert cv2.connectedComponents(mask, connectivity=8)[0] == 2
    assert '24 images' in writer.summary()


def test_wrong_size_leaves_nothing_behind(source, masks):
    cv2.imwrite(str(masks / '000000003_m.png'), np.zeros((64, 32), np.uint8))
    with pytest.raises(ValueError, match=r'000000003.jpg are 32 x 64 .* 64 x 64'):
        convert(source, masks)
    assert not list((masks.parent / 'out').iterdir())


def test_missing_mask(source, masks):
    (masks / '000000003_m.png').unlink()
    with pytest.raises(ValueError, match=r'000000003_m.png'):
        convert(source, masks)
