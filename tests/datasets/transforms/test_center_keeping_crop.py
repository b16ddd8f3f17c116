"""Crops, by hand and against the release's rule in loops."""

from collections import Counter

from epsnet_mm.datasets import CenterKeepingCrop

import numpy as np
import pytest
from mmdet.registry import TRANSFORMS
from mmdet.structures.bbox import HorizontalBoxes
from mmdet.structures.mask import BitmapMasks

IGNORED = 255
# Labels: 0 and 1 are things, 2 and 3 are stuff.
GRASS, SKY = 2, 3


def make_results(size, instances=(), stuff=()):
    """An image of (height, width), where the value of a pixel is its number.

    Args:
        size: (height, width).
        instances: (label, crowd, x1, y1, x2, y2), the later ones on top.
        stuff: (label, x1, y1, x2, y2), below the instances.
    """
    labels = np.full(size, IGNORED, np.int32)
    masks = np.zeros((len(instances), *size), np.uint8)
    for label, x1, y1, x2, y2 in stuff:
        labels[y1:y2, x1:x2] = label
    for mask, (label, _, x1, y1, x2, y2) in zip(masks, instances, strict=True):
        mask[y1:y2, x1:x2] = 1
        labels[y1:y2, x1:x2] = label
    boxes = [instance[2:] for instance in instances]
    return dict(
        img=np.arange(size[0] * size[1]).reshape(*size, 1),
        gt_seg_map=labels,
        gt_bboxes=HorizontalBoxes(np.array(boxes, np.float32).reshape(-1, 4)),
        gt_bboxes_labels=np.array([x[0] for x in instances], np.int64),
        gt_ignore_flags=np.array([x[1] for x in instances], bool),
        gt_masks=BitmapMasks(masks, *size),
        segments_info=[
            dict(category=x[0], is_thing=not x[1], is_crowd=bool(x[1]))
            for x in instances
        ]
        + [dict(category=x[0], is_thing=False, is_crowd=False) for x in stuff],
    )


def offset_of(results, width):
    """(top, left) of the crop, by its first pixel."""
    return divmod(int(results['img'][0, 0, 0]), width)


def test_registered():
    crop = TRANSFORMS.build(dict(type='CenterKeepingCrop', crop_size=(3, 2)))
    assert isinstance(crop, CenterKeepingCrop)


def crops(results_of, crop, count=200):
    """Results of many crops of the same image, by offset."""
    found = {}
    for _ in range(count):
        results = results_of()
        width = results['img'].shape[1]
        cropped = crop.transform(results)
        found[offset_of(cropped, width)] = cropped
    return found


def by_hand():
    """Centers: (7.5, 0.5), (5, 1.5), (4, 2.5) and of grass (4, 3.5)."""
    return make_results(
        (4, 8),
        instances=[(0, 0, 7, 0, 8, 1), (1, 1, 2, 1, 8, 2), (1, 1, 2, 2, 6, 3)],
        stuff=[(GRASS, 0, 3, 8, 4)],
    )


def test_by_hand():
    found = crops(by_hand, CenterKeepingCrop((4, 4)))
    # Grass stays in the crops from 1 to 3, the thing in that from 4. From 0 there
    # would be a crowd only: x = 4 is on the border of that crop.
    assert set(found) == {(0, 1), (0, 2), (0, 3), (0, 4)}

    last = found[0, 4]
    assert last['gt_bboxes'].tensor.tolist() == [[3, 0, 4, 1], [0, 1, 4, 2]]
    assert last['gt_bboxes_labels'].tolist() == [0, 1]
    assert last['gt_ignore_flags'].tolist() == [False, True]
    thing, crowd = last['gt_masks'].masks
    assert np.argwhere(thing).tolist() == [[0, 3]]
    assert np.argwhere(crowd).tolist() == [[1, x] for x in range(4)]
    # The dropped crowd keeps its label, dropped grass does not.
    assert last['gt_seg_map'].tolist() == [
        [IGNORED, IGNORED, IGNORED, 0],
        [1, 1, 1, 1],
        [1, 1, IGNORED, IGNORED],
        [IGNORED] * 4,
    ]
    assert last['gt_seg_map'].dtype == np.int32
    assert last['img_shape'] == (4, 4)

    first = found[0, 1]
    assert first['gt_bboxes'].tensor.tolist() == [[1, 2, 4, 3]]
    assert first['gt_ignore_flags'].tolist() == [True]
    assert first['gt_masks'].masks.shape == (1, 4, 4)
    assert first['gt_seg_map'].tolist() == [
        [IGNORED] * 4,
        [IGNORED, 1, 1, 1],
        [IGNORED, 1, 1, 1],
        [GRASS] * 4,
    ]


def slow_crop(results, top, left, height, width):
    """What stays in a crop, and its map; None where nothing but crowds would."""

    def inside(x1, y1, x2, y2):
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        return left < x < left + width and top < y < top + height

    boxes = results['gt_bboxes'].tensor.tolist()
    kept = [number for number, box in enumerate(boxes) if inside(*box)]
    labels = results['gt_seg_map'].copy()
    counts = any(not results['gt_ignore_flags'][number] for number in kept)
    for label in (GRASS, SKY):
        ys, xs = np.nonzero(labels == label)
        if len(ys) and inside(xs.min(), ys.min(), xs.max() + 1, ys.max() + 1):
            counts = True
        else:
            labels[ys, xs] = IGNORED
    if not counts:
        return None
    window = slice(top, top + height), slice(left, left + width)
    return results['gt_bboxes_labels'][kept].tolist(), labels[window]


def random_image():
    boxes = np.random.randint(0, [8, 6, 8, 6], (6, 4))
    boxes[:, 2:] = boxes[:, :2] + boxes[:, 2:] // 2 + 1
    boxes = boxes.clip(0, [12, 9, 12, 9])
    things = [(n % 2, n == 2, *box) for n, box in enumerate(boxes[:3].tolist())]
    stuff = [(GRASS + n % 2, *box) for n, box in enumerate(boxes[3:].tolist())]
    return things[: np.random.randint(4)], stuff[: np.random.randint(4)]


@pytest.mark.parametrize('seed', range(8))
def test_against_loops(seed):
    np.random.seed(seed)
    instances, stuff = random_image()
    height, width = 5, 7
    expected = {}
    for top in range(9 - height + 1):
        for left in range(12 - width + 1):
            whole = make_results((9, 12), instances, stuff)
            cropped = slow_crop(whole, top, left, height, width)
            if cropped is not None:
                expected[top, left] = cropped
    crop = CenterKeepingCrop((width, height))
    if not expected:
        assert crop.transform(make_results((9, 12), instances, stuff)) is None
        return
    found = crops(lambda: make_results((9, 12), instances, stuff), crop, 400)
    assert set(found) == set(expected)
    for offset, results in found.items():
        labels, seg_map = expected[offset]
        assert results['gt_bboxes_labels'].tolist() == labels
        for key in ('gt_bboxes', 'gt_masks', 'gt_ignore_flags'):
            assert len(results[key]) == len(labels)
        assert (results['gt_seg_map'] == seg_map).all()


def test_all_allowed_crops_are_equally_likely():
    found = Counter(
        offset_of(CenterKeepingCrop((4, 4)).transform(by_hand()), 8)
        for _ in range(2000)
    )
    assert all(400 < count < 600 for count in found.values())


@pytest.mark.parametrize('instances', [[], [(0, 1, 1, 1, 3, 3)]])
def test_neither_things_nor_stuff(instances):
    # The dataset then draws another image.
    assert CenterKeepingCrop((2, 2)).transform(make_results((4, 4), instances)) is None


def test_stuff_alone_is_enough():
    results = make_results((4, 4), stuff=[(SKY, 0, 0, 4, 4)])
    cropped = CenterKeepingCrop((3, 3)).transform(results)
    assert (cropped['gt_seg_map'] == SKY).all()
    assert cropped['gt_masks'].masks.shape == (0, 3, 3)


def test_image_smaller_than_the_crop():
    results = CenterKeepingCrop((9, 9)).transform(by_hand())
    assert results['img'].shape == (4, 8, 1)
    assert len(results['gt_bboxes']) == 3
    assert results['gt_seg_map'].tolist() == by_hand()['gt_seg_map'].tolist()


def test_crop_size_relative_to_the_image():
    crop = CenterKeepingCrop((0.5, 0.5), crop_type='relative')
    results = crop.transform(make_results((6, 8), [(0, 0, 0, 0, 8, 6)]))
    assert results['img_shape'] == (3, 4)


def test_box_outside_of_the_image():
    # No crop has its center inside, so there is nothing to draw for.
    results = make_results((4, 4), [(0, 0, 0, 0, 2, 2)])
    results['gt_bboxes'].tensor[:] += 10
    assert CenterKeepingCrop((2, 2)).transform(results) is None
