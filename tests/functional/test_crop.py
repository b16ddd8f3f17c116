"""Cropping, against the released rule: keep i when x1 - 1 <= i < x2 + 1."""

from epsnet_mm.functional import box_crop_mask, prototype_windows

import pytest
import torch


def kept(low, high, size):
    low, high = min(low, high), max(low, high)
    return [i for i in range(size) if low - 1 <= i < high + 1]


def random_boxes(count, h, w, seed):
    """Boxes inside, across and outside the map, some with swapped corners."""
    generator = torch.Generator().manual_seed(seed)
    scale = torch.tensor([w, h, w, h]) * 1.6
    return (torch.rand(count, 4, generator=generator) - 0.2) * scale


@pytest.mark.parametrize(
    ('box', 'window'),
    [
        ((2.0, 1.5, 4.0, 3.0), (1, 1, 5, 4)),  # x: 1 <= i < 5; y: 0.5 <= i < 4
        ((2.4, 0.0, 2.4, 6.0), (2, 0, 4, 6)),  # x: 1.4 <= i < 3.4, no width needed
        ((4.0, 3.0, 2.0, 1.5), (1, 1, 5, 4)),  # swapped corners
        ((-9.0, -9.0, 99.0, 99.0), (0, 0, 8, 6)),  # larger than the map
    ],
)
def test_windows_by_hand(box, window):
    assert prototype_windows(torch.tensor([box]), (6, 8)).tolist() == [list(window)]


def test_window_outside_the_map_is_empty():
    windows = prototype_windows(
        torch.tensor([[-5.0, 0.0, -3.0, 6.0], [20.0, 0.0, 22.0, 6.0]]), (6, 8)
    )

    assert (windows[:, 2] <= windows[:, 0]).all()


def test_windows_and_masks_follow_the_rule_of_each_pixel():
    h, w = 7, 9
    boxes = random_boxes(200, h, w, seed=0)
    boxes[:40] = boxes[:40].round()  # whole edges are where < and <= differ

    windows = prototype_windows(boxes, (h, w))
    masks = box_crop_mask(boxes, (h, w))

    for box, (x0, y0, x1, y1), mask in zip(
        boxes.tolist(), windows.tolist(), masks, strict=True
    ):
        columns, rows = kept(box[0], box[2], w), kept(box[1], box[3], h)
        assert list(range(x0, x1)) == columns
        assert list(range(y0, y1)) == rows
        expected = torch.zeros(h, w, dtype=torch.bool)
        for y in rows:
            expected[y, columns] = True
        assert mask.equal(expected)


def test_no_boxes():
    assert prototype_windows(torch.zeros(0, 4), (6, 8)).shape == (0, 4)
    assert box_crop_mask(torch.zeros(0, 4), (6, 8)).shape == (0, 6, 8)
