"""Prototypes with a depthwise block, against the chain of layers written out."""

from epsnet_mm.models.heads import EPSNetPrototypeHead

import torch
import torch.nn.functional as F
from mmdet.registry import MODELS


def build():
    torch.manual_seed(0)
    return MODELS.build(
        dict(
            type='DepthwisePrototypeHead',
            num_prototypes=5,
            in_channels=6,
            feat_channels=8,
            norm_cfg=dict(type='GN', num_groups=4),
        )
    )


def block(x, layer, groups):
    return F.group_norm(layer.conv(x), groups, layer.gn.weight, layer.gn.bias).relu()


@torch.no_grad()
def test_only_the_upsampled_block_is_depthwise():
    head, fused = build(), torch.randn(2, 6, 7, 5)

    prototypes = head(fused)

    x = F.interpolate(head.convs(fused), (14, 10), mode='bilinear')
    depthwise = head.upsampled_conv.depthwise_conv
    pointwise = head.upsampled_conv.pointwise_conv
    x = block(block(x, depthwise, 4), pointwise, 4)
    torch.testing.assert_close(prototypes, head.to_prototypes(x))
    assert prototypes.shape == (2, 5, 14, 10)
    assert (depthwise.conv.groups, depthwise.conv.kernel_size) == (8, (3, 3))
    assert (pointwise.conv.groups, pointwise.conv.kernel_size) == (1, (1, 1))


def test_it_has_fewer_parameters():
    full = EPSNetPrototypeHead(5, 6, 8, norm_cfg=dict(type='GN', num_groups=4))

    saved = sum(x.numel() for x in full.parameters()) - sum(
        x.numel() for x in build().parameters()
    )

    # A 3x3 convolution of 8 to 8 channels with its normalization, less both parts.
    assert saved == (8 * 8 * 9 + 8 + 16) - (8 * 9 + 8 + 16) - (8 * 8 + 8 + 16)


def test_gradients_reach_every_parameter():
    head = build()

    head(torch.randn(2, 6, 7, 5)).square().sum().backward()

    for parameter in head.parameters():
        assert parameter.grad.isfinite().all()
        assert parameter.grad.any()
