"""Masks are linear combinations of prototypes."""

from epsnet_mm.functional import linear_combination

import torch


def test_hand_computed():
    prototypes = torch.tensor([[[1.0, 2.0]], [[3.0, 5.0]]])
    coeffs = torch.tensor([[1.0, -1.0], [0.5, 0.0]])

    logits = linear_combination(prototypes, coeffs)

    assert logits.tolist() == [[[-2.0, -3.0]], [[0.5, 1.0]]]


def test_no_detections():
    assert linear_combination(torch.rand(2, 3, 4), torch.rand(0, 2)).shape == (0, 3, 4)
