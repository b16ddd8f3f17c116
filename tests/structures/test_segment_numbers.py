"""Segment tables of maps of a few pixels."""

from epsnet_mm.structures.segment_numbers import number_segments
from epsnet_runtime.coco.panoptic_annotation import panoptic_annotation

import numpy as np
import pytest
from mmdet.evaluation import INSTANCE_OFFSET

CATEGORIES = [dict(id=7, name='disc', isthing=1), dict(id=30, name='sand', isthing=0)]


def test_segments_are_numbered():
    # Two discs, sand (also where it is split) and void.
    id_map = np.array([[1000, 1000, 1, 2000], [2, 1, 1, 2000]])
    ids, segments = number_segments(id_map, CATEGORIES, {1000: 0.123456})
    assert ids.tolist() == [[2, 2, 1, 3], [0, 1, 1, 3]]
    assert segments == [
        dict(id=1, category_id=30, isthing=0, iscrowd=0),
        dict(id=2, category_id=7, isthing=1, iscrowd=0, score=0.12346),
        dict(id=3, category_id=7, isthing=1, iscrowd=0),
    ]


def test_label_0_as_stuff_is_not_void():
    stuff_only = [dict(id=1, name='sand', isthing=0)]
    ids, segments = number_segments(np.array([[0, 1]]), stuff_only)
    assert ids.tolist() == [[1, 0]]
    assert len(segments) == 1


def test_nothing_but_void():
    ids, segments = number_segments(np.full((2, 3), 2), CATEGORIES)
    assert not ids.any()
    assert segments == []


def slow_annotation(id_map: np.ndarray, num_classes: int) -> list[tuple]:
    """Category, area and box of each segment, with one mask per segment."""
    found = []
    for value in np.unique(id_map):
        if value % INSTANCE_OFFSET < num_classes:
            y, x = np.nonzero(id_map == value)
            box = [x.min(), y.min(), x.max() - x.min() + 1, y.max() - y.min() + 1]
            found.append((value % INSTANCE_OFFSET, len(x), box))
    return found


@pytest.mark.parametrize('seed', range(5))
def test_as_a_loop_over_masks(seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 6, (9, 13))
    id_map = np.where(labels < 3, labels + 1000 * rng.integers(1, 4, (9, 13)), labels)
    categories = [dict(id=label, isthing=int(label < 3)) for label in range(5)]
    ids, segments = number_segments(id_map, categories)
    annotation = panoptic_annotation(0, 'a.png', ids, segments)
    assert [
        (x['category_id'], x['area'], x['bbox']) for x in annotation['segments_info']
    ] == slow_annotation(id_map, 5)
    # The numbers split the pixels as the map does; void (label 5) is 0.
    assert ((ids == 0) == (id_map == 5)).all()
    pairs = np.unique(np.stack([ids.ravel(), id_map.ravel()]), axis=1)
    assert pairs.shape[1] == len(np.unique(id_map))
