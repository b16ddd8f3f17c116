"""Attention to pooled levels, against the parent on levels that are pooled by hand."""

from epsnet_mm.models.necks import CrossLayerAttention, PooledAttention
from epsnet_mm.models.necks.pooled_attention import mean_pool

import pytest
import torch
from mmdet.registry import MODELS

SIZES = ((5, 4), (3, 2), (2, 1))  # of P3, P4 and P5


def pyramid():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(2, 4, *size, generator=generator) for size in SIZES]


def build(**kwargs):
    torch.manual_seed(0)
    return MODELS.build(
        dict(type='PooledAttention', in_channels=4, embed_channels=3, **kwargs)
    )


def test_windows_at_the_end_of_an_odd_side_have_fewer_positions():
    feat = torch.tensor([[1.0, 3, 5], [5, 7, 9], [2, 4, 8]])[None, None]

    pooled = mean_pool(feat, 2)

    assert pooled[0, 0].tolist() == [[4, 7], [3, 8]]


@torch.no_grad()
def test_sources_are_pooled_and_the_target_is_not():
    block, feats = build(), pyramid()
    parent = CrossLayerAttention(4, 3, source_levels=(1, 2, 3))
    parent.load_state_dict(block.state_dict())

    fused = block(feats)

    expected = parent([feats[0], *(mean_pool(x, 2) for x in feats)])
    assert fused.shape == feats[0].shape
    torch.testing.assert_close(fused, expected)


@torch.no_grad()
def test_windows_of_one_position_are_the_parent():
    block, feats = build(source_stride=1), pyramid()
    parent = CrossLayerAttention(4, 3)
    parent.load_state_dict(block.state_dict())

    assert block(feats).equal(parent(feats))


@torch.no_grad()
def test_attention_maps_have_the_size_of_what_is_attended_to():
    maps = build().attention_maps(pyramid(), (4, 1))

    assert [tuple(x.shape) for x in maps] == [(2, 3, 2), (2, 2, 1), (2, 1, 1)]
    for found in maps:
        assert found.flatten(1).sum(1).tolist() == pytest.approx([1, 1])


def test_gradients_reach_every_parameter_and_level():
    block = build()
    feats = [x.requires_grad_() for x in pyramid()]

    block(feats).square().sum().backward()

    assert isinstance(block, PooledAttention)
    for tensor in (*block.parameters(), *feats):
        assert tensor.grad.isfinite().all()
        assert tensor.grad.any()
