"""Boxes by hand."""

from epsnet_mm.functional import clip_boxes, scale_boxes

import torch

BOXES = torch.tensor([[1.0, 2.0, 3.0, 4.0], [-1.0, 5.0, 6.0, 20.0]])


def test_scale():
    assert scale_boxes(BOXES, 2, 10).tolist() == [[2, 20, 6, 40], [-2, 50, 12, 200]]


def test_clip():
    assert clip_boxes(BOXES, (10, 5)).tolist() == [[1, 2, 3, 4], [0, 5, 5, 10]]


def test_no_boxes():
    none = torch.zeros(0, 4)

    assert scale_boxes(none, 2, 2).shape == clip_boxes(none, (3, 3)).shape == (0, 4)
