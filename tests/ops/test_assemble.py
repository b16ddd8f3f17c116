"""Masks are linear combinations of prototypes."""
import torch

from epsnet_mm.ops import linear_combination


def test_hand_computed():
    prototypes = torch.tensor([[[1., 2.]], [[3., 5.]]])
    coeffs = torch.tensor([[1., -1.], [0.5, 0.]])

    logits = linear_combination(prototypes, coeffs)

    assert logits.tolist() == [[[-2., -3.]], [[0.5, 1.]]]


def test_no_detections():
    assert linear_combination(torch.rand(2, 3, 4), torch.rand(0, 2)).shape == (0, 3, 4)
