"""Crops around pixels of equally likely classes."""

from collections import Counter

from epsnet_mm.datasets import ClassBalancedCrop

import numpy as np
import pytest
from mmdet.registry import TRANSFORMS
from mmdet.structures.bbox import HorizontalBoxes
from mmdet.structures.mask import BitmapMasks

IGNORED = 255
CAR, SKY, WALL = 0, 1, 2


def make_results(labels):
    """An image whose pixels are their own numbers, with one car for each car pixel."""
    labels = np.array(labels)
    places = np.argwhere(labels == CAR)
    masks = np.zeros((len(places), *labels.shape), np.uint8)
    for mask, place in zip(masks, places, strict=True):
        mask[tuple(place)] = 1
    boxes = [(x, y, x + 1, y + 1) for y, x in places]
    return dict(
        img=np.arange(labels.size).reshape(*labels.shape, 1),
        gt_seg_map=labels,
        gt_bboxes=HorizontalBoxes(np.array(boxes, np.float32).reshape(-1, 4)),
        gt_bboxes_labels=np.zeros(len(places), np.int64),
        gt_ignore_flags=np.zeros(len(places), bool),
        gt_masks=BitmapMasks(masks, *labels.shape),
    )


def crops(labels, count=400, **kwargs):
    """Cropped results of one image, many times."""
    np.random.seed(0)
    crop = TRANSFORMS.build(dict(type='ClassBalancedCrop', **kwargs))
    assert isinstance(crop, ClassBalancedCrop)
    return [crop(make_results(labels)) for _ in range(count)]


def test_classes_are_equally_likely():
    """One pixel of 20 is a car, but every second crop shows it."""
    labels = [[SKY] * 19 + [CAR]]
    shown = Counter(int(x['gt_seg_map'][0, 0]) for x in crops(labels, crop_size=(1, 1)))
    assert set(shown) == {CAR, SKY}
    assert shown[CAR] == pytest.approx(200, abs=40)


def test_crops_around_the_pixel_are_equally_likely():
    labels = [[CAR] + [IGNORED] * 5]
    # A crop of 3 with the first pixel can only start there.
    assert {int(x['img'][0, 0, 0]) for x in crops(labels, crop_size=(3, 1))} == {0}
    labels = [[IGNORED] * 2 + [CAR] + [IGNORED] * 3]
    starts = Counter(int(x['img'][0, 0, 0]) for x in crops(labels, crop_size=(3, 1)))
    assert set(starts) == {0, 1, 2}
    assert min(starts.values()) == pytest.approx(133, abs=40)


def test_rows_and_columns_are_not_mixed_up():
    labels = np.full((4, 7), IGNORED)
    labels[3, 5] = WALL
    for result in crops(labels, crop_size=(2, 3)):
        assert result['img'].shape[:2] == (3, 2)
        assert (result['gt_seg_map'] == WALL).sum() == 1


def test_image_and_truth_are_cropped_alike():
    labels = [[SKY, CAR, SKY, CAR], [SKY, SKY, SKY, CAR]]
    for result in crops(labels, count=50, crop_size=(2, 2)):
        rows, columns = np.divmod(result['img'][..., 0], 4)
        assert (result['gt_seg_map'] == np.array(labels)[rows, columns]).all()
        cars = (result['gt_seg_map'] == CAR).sum()
        assert cars == len(result['gt_bboxes']) == len(result['gt_masks'])


def test_without_balance_all_positions_are_equally_likely():
    labels = [[SKY] * 9 + [CAR]]
    starts = Counter(
        int(x['img'][0, 0, 0])
        for x in crops(labels, crop_size=(1, 1), balanced_prob=0.0)
    )
    assert len(starts) == 10
    assert starts[9] == pytest.approx(40, abs=25)


def test_unlabelled_and_small_images_pass():
    (whole,) = crops([[IGNORED] * 3], count=1, crop_size=(5, 5))
    assert whole['img'].shape == (1, 3, 1)
    (whole,) = crops([[SKY, CAR]], count=1, crop_size=(5, 5))
    assert whole['img'].shape == (1, 2, 1)
    assert len(whole['gt_bboxes']) == 1
