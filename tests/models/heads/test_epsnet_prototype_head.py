"""Prototypes, against the chain of layers written out."""

from epsnet_mm.models.heads import EPSNetPrototypeHead

import torch
import torch.nn.functional as F


def block(x, layer, groups):
    """3x3 or 1x1 convolution with bias, group normalization, ReLU."""
    padding = layer.conv.kernel_size[0] // 2
    x = F.conv2d(x, layer.conv.weight, layer.conv.bias, padding=padding)
    return F.group_norm(x, groups, layer.gn.weight, layer.gn.bias).relu()


def small_head():
    torch.manual_seed(0)
    head = EPSNetPrototypeHead(
        num_prototypes=5,
        in_channels=6,
        feat_channels=8,
        norm_cfg=dict(type='GN', num_groups=4),
    )
    for parameter in head.parameters():
        torch.nn.init.normal_(parameter)
    return head


@torch.no_grad()
def test_against_the_released_order_of_layers():
    head, fused = small_head(), torch.randn(2, 6, 7, 5)

    prototypes = head(fused)

    x = fused
    for layer in head.convs:
        x = block(x, layer, 4)
    x = F.interpolate(x, (14, 10), mode='bilinear', align_corners=False)
    x = block(x, head.upsampled_conv, 4)
    # Each prototype is normalized by itself.
    expected = block(x, head.to_prototypes, 5)
    assert len(head.convs) == 3
    assert prototypes.shape == (2, 5, 14, 10)
    assert prototypes.min() >= 0
    torch.testing.assert_close(prototypes, expected)


def test_gradients_reach_every_parameter():
    head = small_head()

    head(torch.randn(2, 6, 7, 5)).square().sum().backward()

    for parameter in head.parameters():
        assert parameter.grad.isfinite().all()
