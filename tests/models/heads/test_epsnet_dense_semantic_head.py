"""The dense semantic head of table 2."""

import math

from epsnet_mm.models.heads import EPSNetDenseSemanticHead

import pytest
import torch

T, S = 2, 3


def test_logits_by_hand():
    head = EPSNetDenseSemanticHead(T, S, in_channels=2)
    weights = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [-1.0, 2.0]])
    head.classify.weight.data = weights[:, :, None, None]
    head.classify.bias.data = torch.tensor([0.0, 0.0, 0.0, 5.0])
    feats = [torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]]), torch.zeros(1, 2, 1, 1)]

    logits = head(feats, prototypes=None)

    assert logits[0, :, 0].tolist() == [[1, 2], [3, 4], [4, 6], [10, 11]]
    assert head.predict(feats, prototypes=None).equal(logits)


def test_loss_by_hand(make_sample):
    head = EPSNetDenseSemanticHead(
        T,
        S,
        in_channels=2,
        loss_semantic=dict(type='PixelCrossEntropyLoss', loss_weight=1),
    )
    torch.nn.init.zeros_(head.classify.bias)
    # Half of the image is a thing, the rest unlabelled.
    sample = make_sample((8, 8), [(0, 0, 0, 8, 4)])

    loss = head.loss([torch.zeros(1, 2, 4, 4)], None, [sample])['loss_semantic']

    assert loss.item() == pytest.approx(math.log(4) / 2)


def test_unlabelled_images_keep_gradients_connected(make_sample):
    head = EPSNetDenseSemanticHead(T, S, in_channels=2)

    losses = head.loss([torch.randn(1, 2, 4, 4)], None, [make_sample((8, 8))])
    losses['loss_semantic'].backward()

    for parameter in head.parameters():
        assert parameter.grad.eq(0).all()
