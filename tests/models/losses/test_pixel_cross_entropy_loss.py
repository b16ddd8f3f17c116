"""Semantic loss, by hand and against a loop over pixels."""

import math

from epsnet_mm.models.losses import PixelCrossEntropyLoss

import pytest
import torch
import torch.nn.functional as F


def test_by_hand():
    # Probability 3 / 4 everywhere, three of four pixels are labelled.
    logits = torch.tensor([0.0, math.log(3)]).view(1, 2, 1, 1)
    targets = torch.tensor([[[1, 1], [255, 1]]])

    loss = PixelCrossEntropyLoss(loss_weight=2)(logits, targets)

    assert loss.item() == pytest.approx(2 * 3 * math.log(4 / 3) / 4)


@pytest.mark.parametrize('num_classes', [3, 15, 16, 54])
def test_against_loops(num_classes):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, num_classes, 4, 5, generator=generator)
    targets = torch.randint(0, num_classes, (2, 8, 9), generator=generator)
    targets[0, :5] = 255

    loss = PixelCrossEntropyLoss(loss_weight=1)(logits, targets)

    full = F.interpolate(logits, (8, 9), mode='bilinear', align_corners=False)
    images = []
    for scores, labels in zip(full, targets, strict=True):
        total = 0.0
        for y in range(8):
            for x in range(9):
                if labels[y, x] != 255:
                    probs = scores[:, y, x].exp() / scores[:, y, x].exp().sum()
                    total -= math.log(probs[labels[y, x]])
        images.append(total / (8 * 9))
    assert loss.item() == pytest.approx(sum(images) / 2, rel=1e-5)


def test_nothing_labelled_zero_with_gradients():
    logits = torch.randn(2, 3, 4, 4, requires_grad=True)

    loss = PixelCrossEntropyLoss()(logits, torch.full((2, 8, 8), 255))
    loss.backward()

    assert loss.item() == 0
    assert logits.grad.eq(0).all()


def test_255_may_be_a_class():
    logits = torch.zeros(1, 300, 1, 1)
    targets = torch.full((1, 1, 2), 255)

    loss = PixelCrossEntropyLoss(loss_weight=1)

    assert loss(logits, targets).item() == pytest.approx(math.log(300), rel=1e-5)
    assert loss(logits[:, :255], targets).item() == 0


def test_another_ignore_index():
    loss = PixelCrossEntropyLoss(ignore_index=-1)(
        torch.zeros(1, 2, 2, 2), torch.full((1, 2, 2), -1)
    )

    assert loss.item() == 0


def test_class_weight_by_hand():
    # Two classes of equal logits cost ln 2 a pixel, those of class 1 three times that.
    loss = PixelCrossEntropyLoss(loss_weight=1, class_weight=[1, 3])
    targets = torch.tensor([[[0, 1], [1, -1]]])

    found = loss(torch.zeros(1, 2, 2, 2), targets)

    assert found.item() == pytest.approx(math.log(2) * (1 + 3 + 3) / 4)


def test_wrong_number_of_class_weights_is_named():
    loss = PixelCrossEntropyLoss(class_weight=[1.0])

    with pytest.raises(
        ValueError, match='1 entries in `class_weight`, but there are 2'
    ):
        loss(torch.zeros(1, 2, 2, 2), torch.zeros(1, 2, 2, dtype=torch.long))
