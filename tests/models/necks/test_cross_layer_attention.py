"""Cross-layer attention, against equations 4 to 7 spelt out in loops."""

import math

from epsnet_mm.models.necks import CrossLayerAttention

import pytest
import torch
from mmdet.registry import MODELS

SIZES = ((4, 3), (2, 2), (1, 2))  # of P3, P4 and P5


def pyramid(channels, batch=2):
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(batch, channels, *size, generator=generator) for size in SIZES]


def embed(convolution, vector):
    """A 1x1 convolution at one position: W x + b."""
    return convolution.weight[:, :, 0, 0] @ vector + convolution.bias


def slow_attention(block, target, source):
    """A of equation 6 for one image, (C, H_3, W_3)."""
    result = torch.zeros_like(target)
    positions = [
        source[:, y, x] for y in range(source.shape[1]) for x in range(source.shape[2])
    ]
    for y in range(target.shape[1]):
        for x in range(target.shape[2]):
            query = embed(block.query, target[:, y, x])
            scores = [query @ embed(block.key, o) for o in positions]  # equation 4
            norm = sum(math.exp(s) for s in scores)
            weights = [math.exp(s) / norm for s in scores]  # equation 5
            mixed = sum(
                a * embed(block.value, o)
                for a, o in zip(weights, positions, strict=True)
            )
            result[:, y, x] = embed(block.out, mixed)  # equation 6
    return result


@pytest.mark.parametrize('sources', [(0, 1, 2), (0,), (2,)], ids=str)
@torch.no_grad()
def test_against_loops(sources):
    torch.manual_seed(0)
    block, feats = CrossLayerAttention(4, 3, sources), pyramid(4)

    fused = block(feats)

    for n in range(2):
        expected = feats[0][n] + sum(  # equation 7
            slow_attention(block, feats[0][n], feats[level][n]) for level in sources
        )
        torch.testing.assert_close(fused[n], expected, atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_attention_maps_are_the_weights_of_equation_5():
    torch.manual_seed(0)
    block, feats = CrossLayerAttention(4, 3, (0, 2)), pyramid(4)

    maps = block.attention_maps(feats, (3, 1))

    assert [tuple(x.shape) for x in maps] == [(2, *SIZES[0]), (2, *SIZES[2])]
    for level, found in zip((0, 2), maps, strict=True):
        for n in range(2):
            query = embed(block.query, feats[0][n, :, 3, 1])
            scores = torch.stack(
                [
                    torch.stack(
                        [
                            query @ embed(block.key, feats[level][n, :, y, x])
                            for x in range(SIZES[level][1])
                        ]
                    )
                    for y in range(SIZES[level][0])
                ]
            )
            expected = scores.exp() / scores.exp().sum()
            torch.testing.assert_close(found[n], expected, atol=1e-5, rtol=1e-5)


def test_one_block_is_shared_by_all_sources():
    sizes = [
        sum(p.numel() for p in CrossLayerAttention(256, 128, x).parameters())
        for x in ((0,), (0, 1, 2))
    ]

    # Query, key, value and output with their biases.
    assert sizes == [3 * (256 * 128 + 128) + 128 * 256 + 256] * 2


def test_gradients_reach_every_parameter_and_level():
    block = CrossLayerAttention(4, 3)
    feats = [x.requires_grad_() for x in pyramid(4)]

    block(feats).square().sum().backward()

    for tensor in (*block.parameters(), *feats):
        assert tensor.grad.isfinite().all()
        assert tensor.grad.any()


def test_registered():
    block = MODELS.build(
        dict(type='CrossLayerAttention', in_channels=4, embed_channels=2)
    )

    assert block(pyramid(4)).shape == (2, 4, *SIZES[0])
