"""Boxes by hand."""

from epsnet_mm.functional import clip_boxes, mask_box, pairwise_iou, scale_boxes

import torch

BOXES = torch.tensor([[1.0, 2.0, 3.0, 4.0], [-1.0, 5.0, 6.0, 20.0]])


def test_scale():
    assert scale_boxes(BOXES, 2, 10).tolist() == [[2, 20, 6, 40], [-2, 50, 12, 200]]


def test_clip():
    assert clip_boxes(BOXES, (10, 5)).tolist() == [[1, 2, 3, 4], [0, 5, 5, 10]]


def test_no_boxes():
    none = torch.zeros(0, 4)

    assert scale_boxes(none, 2, 2).shape == clip_boxes(none, (3, 3)).shape == (0, 4)


def test_pairwise_iou():
    boxes = torch.tensor(
        [[0.0, 0.0, 2.0, 2.0], [1.0, 1.0, 3.0, 3.0], [5.0, 5.0, 5.0, 9.0]]
    )

    iou = pairwise_iou(boxes, boxes[[1, 0]])

    # One shared pixel of 4 + 4 - 1; the last box has no area.
    torch.testing.assert_close(iou, torch.tensor([[1 / 7, 1], [1, 1 / 7], [0, 0]]))
    assert pairwise_iou(boxes[2:], boxes[2:]).isnan().all()


def test_box_of_a_mask():
    mask = torch.zeros(5, 7, dtype=torch.bool)
    mask[1, 2] = mask[3, 4] = True

    assert mask_box(mask).tolist() == [2, 1, 5, 4]
    assert mask_box(torch.ones(5, 7, dtype=torch.bool)).tolist() == [0, 0, 7, 5]


def test_box_of_an_empty_mask():
    assert mask_box(torch.zeros(5, 7, dtype=torch.bool)).tolist() == [7, 5, 0, 0]
    assert mask_box(torch.zeros(0, 0, dtype=torch.bool)).tolist() == [0, 0, 0, 0]
