"""Hard negative mining, against loops over images and anchors."""

import math

from epsnet_mm.models.losses import HardNegativeCrossEntropyLoss

import pytest
import torch


def slow_loss(logits, labels, ratio):
    """Unweighted sum over images; the last class is background."""
    total = 0.0
    for image_logits, image_labels in zip(logits, labels, strict=True):
        positives, negatives = [], []
        for scores, label in zip(image_logits, image_labels, strict=True):
            if label == -1:
                continue
            norm = sum(math.exp(x) for x in scores)
            cost = -math.log(math.exp(scores[label]) / norm)
            (negatives if label == len(scores) - 1 else positives).append(cost)
        hardest = sorted(negatives, reverse=True)[: ratio * len(positives)]
        total += sum(positives) + sum(hardest)
    return total


def test_by_hand():
    # One positive of ln 2; of the background anchors, which cost ln 2, ln 4 and
    # ln 4 / 3, only the hardest is taken; the ignored anchor costs nothing.
    ln3 = math.log(3)
    logits = torch.tensor(
        [[[0.0, 0.0], [0.0, 0.0], [ln3, 0.0], [0.0, ln3], [9.0, 0.0]]]
    )
    labels = torch.tensor([[0, 1, 1, 1, -1]])

    loss = HardNegativeCrossEntropyLoss(neg_pos_ratio=1, loss_weight=10)(logits, labels)

    assert loss.item() == pytest.approx(10 * (math.log(2) + math.log(4)))


@pytest.mark.parametrize('ratio', [1, 3])
def test_against_loops(ratio):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(4, 40, 5, generator=generator) * 2
    labels = torch.full((4, 40), 4)
    labels[0, :3] = torch.tensor([0, 1, 3])
    labels[1, 5:30] = 2  # fewer negatives than the ratio asks for
    labels[2, 7:9] = -1  # no positives: no negatives either
    labels[3, :6] = torch.tensor([1, -1, -1, 0, 3, -1])

    loss = HardNegativeCrossEntropyLoss(ratio)(logits, labels)

    expected = slow_loss(logits.tolist(), labels.tolist(), ratio)
    assert loss.item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize('label', [3, -1], ids=['background', 'ignored'])
def test_without_positives_zero_with_gradients(label):
    logits = torch.randn(2, 6, 4, requires_grad=True)

    loss = HardNegativeCrossEntropyLoss()(logits, torch.full((2, 6), label))
    loss.backward()

    assert loss.item() == 0
    assert logits.grad.eq(0).all()


def test_half_precision_logits_are_summed_in_single():
    logits = torch.zeros(1, 80000, 2, dtype=torch.float16)
    labels = torch.zeros(1, 80000, dtype=torch.long)

    loss = HardNegativeCrossEntropyLoss()(logits, labels)

    # 65504 is the largest number of half precision.
    assert loss.item() == pytest.approx(80000 * math.log(2), rel=1e-4)
