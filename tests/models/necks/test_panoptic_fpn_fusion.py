"""The baseline fusion of tables 1 and 3."""

from epsnet_mm.models.necks import PanopticFPNFusion

import torch
import torch.nn.functional as F
from mmdet.registry import MODELS
from torch import nn

NORM = dict(type='GN', num_groups=2)


def upsampled(x, size):
    return F.interpolate(x, size, mode='bilinear', align_corners=False)


def test_convolutions_of_each_level():
    fusion = PanopticFPNFusion()

    # Section 4.2: one block for P3, two for P4, three for P5.
    assert [len(blocks) for blocks in fusion.branches] == [1, 2, 3]
    for block in (block for blocks in fusion.branches for block in blocks):
        assert block.conv.kernel_size == (3, 3)
        assert isinstance(block.norm, nn.GroupNorm)
        assert isinstance(block.activate, nn.ReLU)


def test_upsampling_between_blocks_then_sum():
    fusion = PanopticFPNFusion(2, 2, norm_cfg=NORM)
    for blocks in fusion.branches:
        for i in range(len(blocks)):
            blocks[i] = nn.Identity()
    # Odd sizes, as of 550 px: 69, 35 and 18 in the large.
    p3, p4, p5 = (torch.rand(1, 2, x, x) for x in (9, 5, 3))

    fused = fusion((p3, p4, p5, torch.rand(1, 2, 2, 2)))

    expected = p3 + upsampled(p4, (9, 9)) + upsampled(upsampled(p5, (5, 5)), (9, 9))
    torch.testing.assert_close(fused, expected)


def test_gradients_reach_every_parameter():
    fusion = PanopticFPNFusion(4, 6, norm_cfg=NORM)

    fused = fusion([torch.rand(2, 4, x, x) for x in (9, 5, 3)])
    fused.square().sum().backward()

    assert fused.shape == (2, 6, 9, 9)
    for parameter in fusion.parameters():
        assert parameter.grad.isfinite().all()


def test_fewer_levels():
    fusion = MODELS.build(
        dict(
            type='PanopticFPNFusion',
            in_channels=4,
            out_channels=4,
            num_levels=1,
            norm_cfg=NORM,
        )
    )
    feats = [torch.rand(1, 4, x, x) for x in (9, 5, 3)]

    torch.testing.assert_close(fusion(feats), fusion.branches[0][0](feats[0]))
