"""Attention at a lower resolution, against the parent on a pooled target."""

from epsnet_mm.models.necks import CrossLayerAttention
from epsnet_mm.models.necks.pooled_attention import mean_pool

import torch
import torch.nn.functional as F
from mmdet.registry import MODELS

SIZES = ((5, 4), (3, 2), (2, 1))  # of P3, P4 and P5


def pyramid():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(2, 4, *size, generator=generator) for size in SIZES]


def build(**kwargs):
    torch.manual_seed(0)
    return MODELS.build(
        dict(type='CoarseAttention', in_channels=4, embed_channels=3, **kwargs)
    )


@torch.no_grad()
def test_what_is_added_is_the_parents_at_the_pooled_target():
    block, feats = build(source_stride=1), pyramid()
    parent = CrossLayerAttention(4, 3, source_levels=(1, 2, 3))
    parent.load_state_dict(block.state_dict())

    fused = block(feats)

    coarse = mean_pool(feats[0], 2)
    added = parent([coarse, *feats]) - coarse
    assert coarse.shape[2:] == (3, 2)
    expected = feats[0] + F.interpolate(added, (5, 4), mode='bilinear')
    torch.testing.assert_close(fused, expected)


@torch.no_grad()
def test_windows_of_one_position_are_the_parent():
    block, feats = build(source_stride=1, target_stride=1), pyramid()
    parent = CrossLayerAttention(4, 3)
    parent.load_state_dict(block.state_dict())

    torch.testing.assert_close(block(feats), parent(feats))


@torch.no_grad()
def test_attention_maps_are_those_of_the_window():
    """Row 4 and column 1 of P3 are in the window of row 2 and column 0."""
    block, feats = build(source_stride=1), pyramid()
    parent = CrossLayerAttention(4, 3, source_levels=(1, 2, 3))
    parent.load_state_dict(block.state_dict())

    maps = block.attention_maps(feats, (4, 1))

    expected = parent.attention_maps([mean_pool(feats[0], 2), *feats], (2, 0))
    torch.testing.assert_close(maps, expected)


def test_gradients_reach_every_parameter_and_level():
    block = build()
    feats = [x.requires_grad_() for x in pyramid()]

    block(feats).square().sum().backward()

    for tensor in (*block.parameters(), *feats):
        assert tensor.grad.isfinite().all()
        assert tensor.grad.any()
