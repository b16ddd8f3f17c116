"""Masks that know where their box is."""

from epsnet_mm.functional import POSITION_TERMS
from epsnet_mm.models.heads import PositionedMaskHead

import pytest
import torch
from mmengine.structures import InstanceData

INPUT = (32, 32)
META = dict(img_shape=INPUT, batch_input_shape=INPUT, ori_shape=INPUT)
# 1 - u^2 - v^2 is an ellipse that touches all sides of the box.
ELLIPSE = torch.tensor([[0.0, 1, 0, 0, -1, 0, -1]])


def found(box):
    relative = torch.tensor([box]) / INPUT[0]
    return InstanceData(
        coeffs=20 * ELLIPSE,
        relative_boxes=relative,
        bboxes=torch.tensor([box]),
        gt_inds=torch.tensor([0]),
    )


def test_ellipse_without_any_prototype():
    head = PositionedMaskHead()

    (masks,) = head.predict(
        torch.zeros(1, 1, 16, 16), [found([8.0, 4.0, 24.0, 28.0])], [META]
    )

    (mask,) = masks.to_dense()
    rows, columns = mask.nonzero(as_tuple=True)
    assert mask.sum().item() == pytest.approx(torch.pi * 8 * 12, rel=0.05)
    assert (columns.min(), columns.max()) == (8, 23)
    assert (rows.min(), rows.max()) == (4, 27)


def test_logits_are_those_of_the_ellipse():
    instance = found([8.0, 4.0, 24.0, 28.0])

    (logits,) = PositionedMaskHead()(
        torch.zeros(1, 1, 16, 16), [instance.coeffs], [instance.relative_boxes]
    )

    y, x = (torch.arange(16) + 0.5 for _ in range(2))
    u, v = (2 * x - 16) / 8, (2 * y - 16) / 12
    assert torch.allclose(logits[0], 20 * (1 - u**2 - v[:, None] ** 2), atol=1e-4)


def test_losses_of_the_right_mask_are_small(make_sample):
    head = PositionedMaskHead(
        loss_mask=dict(type='BoxNormalizedMaskLoss', loss_weight=1.0),
        loss_dice=dict(type='DiceLoss', eps=1.0),
    )
    prototypes, sample = (
        torch.zeros(1, 1, 8, 8),
        make_sample(INPUT, [(0, 8, 4, 24, 28)]),
    )

    right = head.loss(prototypes, [found([8.0, 4.0, 24.0, 28.0])], [sample])
    wrong = head.loss(prototypes, [found([0.0, 0.0, 8.0, 8.0])], [sample])

    assert right.keys() == {'loss_mask', 'loss_dice'}
    assert right['loss_dice'] < 0.15 < 0.9 < wrong['loss_dice']
    assert right['loss_mask'] < wrong['loss_mask']


def test_no_positives_give_zero(make_sample):
    head = PositionedMaskHead(loss_dice=dict(type='DiceLoss', eps=1.0))
    nothing = found([0.0, 0.0, 8.0, 8.0])[:0]

    losses = head.loss(
        torch.zeros(1, 1, 8, 8, requires_grad=True), [nothing], [make_sample(INPUT)]
    )

    assert sum(losses.values()) == 0
    assert nothing.coeffs.shape == (0, 1 + POSITION_TERMS)
