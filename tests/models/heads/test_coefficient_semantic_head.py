"""Semantic coefficients: equation 3, and the loss around it."""

import math

from epsnet_mm.models.heads import CoefficientSemanticHead

import pytest
import torch
import torch.nn.functional as F

K, T, S = 4, 2, 3


def small_head(**kwargs):
    torch.manual_seed(0)
    return CoefficientSemanticHead(
        T,
        S,
        K,
        in_channels=6,
        feat_channels=8,
        norm_cfg=dict(type='GN', num_groups=4),
        **kwargs,
    )


def inputs(coarsest=(4, 5), size=(8, 10)):
    generator = torch.Generator().manual_seed(1)
    feats = [torch.zeros(2, 6, 1, 1), torch.randn(2, 6, *coarsest, generator=generator)]
    return feats, torch.rand(2, K, *size, generator=generator)


@pytest.mark.parametrize('unused', [0, 1])
@torch.no_grad()
def test_logits_against_loops(unused):
    head = small_head(num_unused_classes=unused)
    feats, prototypes = inputs()

    logits = head(feats, prototypes)

    x = F.conv2d(feats[-1], head.conv.conv.weight, head.conv.conv.bias)  # no padding
    x = F.group_norm(x, 4, head.conv.gn.weight, head.conv.gn.bias).relu()
    x = F.conv2d(x, head.to_coeffs.weight, head.to_coeffs.bias).tanh()
    classes = S + 1 + unused
    assert logits.shape == (2, classes, 8, 10)
    for n in range(2):
        for c in range(classes):
            # Prototype-major: index = prototype * classes + class.
            expected = sum(
                x[n, k * classes + c].mean() * prototypes[n, k] for k in range(K)
            )
            torch.testing.assert_close(logits[n, c], expected)


@torch.no_grad()
def test_predict_drops_unused_classes():
    head = small_head(num_unused_classes=1)
    feats, prototypes = inputs()

    found = head.predict(feats, prototypes)

    assert found.equal(head(feats, prototypes)[:, : S + 1])


def test_loss_by_hand(make_sample):
    head = small_head(loss_semantic=dict(type='PixelCrossEntropyLoss', loss_weight=1))
    torch.nn.init.zeros_(head.to_coeffs.weight)
    torch.nn.init.zeros_(head.to_coeffs.bias)
    feats, prototypes = inputs()
    # Four equal classes; all of the first image is labelled, a quarter of the
    # second: a thing and a crowd, which are "other".
    samples = [
        make_sample((16, 20), stuff=T + 1),
        make_sample((16, 20), [(1, 0, 0, 10, 4)], [(0, 10, 4, 20, 8)]),
    ]

    loss = head.loss(feats, prototypes, samples)['loss_semantic']

    assert loss.item() == pytest.approx(math.log(4) * (1 + 1 / 4) / 2)


def test_unlabelled_images_keep_gradients_connected(make_sample):
    head = small_head()
    feats, prototypes = inputs()
    prototypes.requires_grad_()

    head.loss(feats, prototypes, [make_sample((16, 20))] * 2)[
        'loss_semantic'
    ].backward()

    for tensor in (*head.parameters(), prototypes):
        assert tensor.grad.eq(0).all()


@pytest.mark.parametrize('coarsest', [(2, 5), (5, 2), (1, 1)])
def test_too_small_an_input(coarsest):
    feats, prototypes = inputs(coarsest)

    with pytest.raises(ValueError, match=r'larger images or .*padding=1'):
        small_head()(feats, prototypes)

    assert small_head(padding=1)(feats, prototypes).shape == (2, S + 1, 8, 10)
