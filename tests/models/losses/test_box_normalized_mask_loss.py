"""Mask loss, by hand and against loops over pixels."""

import math

from epsnet_mm.models.losses import BoxNormalizedMaskLoss

import pytest
import torch


def slow_loss(logits, targets, box):
    """Unweighted loss of one mask; box in prototype pixels."""
    x1, y1, x2, y2 = box
    total = 0.0
    for y, row in enumerate(logits):
        for x, logit in enumerate(row):
            if x1 - 1 <= x < x2 + 1 and y1 - 1 <= y < y2 + 1:
                prob = 1 / (1 + math.exp(-logit))
                total -= math.log(prob if targets[y][x] else 1 - prob)
    return total / ((x2 - x1) * (y2 - y1))


def test_by_hand():
    # Every pixel costs ln 2: 16 pixels of the padded box over an area of 4.
    loss = BoxNormalizedMaskLoss(loss_weight=6.125)(
        torch.zeros(1, 6, 6), torch.ones(1, 6, 6), torch.tensor([[1.0, 1.0, 3.0, 3.0]])
    )

    assert loss.tolist() == [pytest.approx(6.125 * 16 * math.log(2) / 4)]


def test_padding_stops_at_the_border():
    # The padding of this box lies half outside: 9 pixels are left of 16.
    loss = BoxNormalizedMaskLoss(loss_weight=1)(
        torch.zeros(1, 6, 6), torch.ones(1, 6, 6), torch.tensor([[0.0, 0.0, 2.0, 2.0]])
    )

    assert loss.tolist() == [pytest.approx(9 * math.log(2) / 4)]


def test_against_loops():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(8, 7, 9, generator=generator)
    targets = (torch.rand(8, 7, 9, generator=generator) > 0.5).float()
    boxes = torch.rand(8, 4, generator=generator) * 4
    boxes[:, 2:] += boxes[:, :2] + 0.5

    loss = BoxNormalizedMaskLoss(loss_weight=2)(logits, targets, boxes)

    expected = [
        2 * slow_loss(*sample)
        for sample in zip(
            logits.tolist(), targets.tolist(), boxes.tolist(), strict=True
        )
    ]
    assert loss.tolist() == pytest.approx(expected, rel=1e-4)


def test_a_line_keeps_a_finite_loss():
    logits = torch.zeros(1, 6, 6, requires_grad=True)

    loss = BoxNormalizedMaskLoss(loss_weight=1)(
        logits, torch.ones(1, 6, 6), torch.tensor([[2.0, 1.0, 2.0, 3.0]])
    )
    loss.sum().backward()

    # Columns 1 and 2, rows 0 to 3; the area counts as a sixteenth.
    assert loss.tolist() == [pytest.approx(8 * math.log(2) * 16)]
    assert logits.grad.isfinite().all()


def test_extreme_logits_stay_finite():
    logits = torch.tensor([[[-200.0, 200.0]]], requires_grad=True)

    loss = BoxNormalizedMaskLoss(loss_weight=1)(
        logits, torch.tensor([[[1.0, 0.0]]]), torch.tensor([[0.0, 0.0, 2.0, 1.0]])
    )
    loss.sum().backward()

    assert loss.tolist() == [pytest.approx(200)]
    assert logits.grad.isfinite().all()


def test_no_masks():
    logits = torch.zeros(0, 6, 6, requires_grad=True)

    loss = BoxNormalizedMaskLoss()(logits, torch.zeros(0, 6, 6), torch.zeros(0, 4))
    loss.sum().backward()

    assert loss.shape == (0,)
    assert logits.grad is not None
