"""FPN with ReLU after the output convolutions of P3 to P5."""

from epsnet_mm.models.necks import ReLUFPN

import torch
from mmdet.models.necks import FPN

SETTINGS = dict(
    in_channels=[2, 3, 4, 5],
    out_channels=6,
    start_level=1,
    num_outs=5,
    add_extra_convs='on_output',
    upsample_cfg=dict(mode='bilinear', align_corners=False),
)


@torch.no_grad()
def test_relu_where_the_release_has_it():
    torch.manual_seed(0)
    fpn, relu_fpn = FPN(**SETTINGS), ReLUFPN(**SETTINGS)
    relu_fpn.load_state_dict(fpn.state_dict())
    feats = [
        torch.randn(1, c, x, x)
        for c, x in zip((2, 3, 4, 5), (18, 9, 5, 3), strict=True)
    ]

    plain, levels = fpn(feats), relu_fpn(feats)

    assert [x.shape[-1] for x in levels] == [9, 5, 3, 2, 1]
    for found, before in zip(levels[:3], plain[:3], strict=True):
        assert before.min() < 0
        torch.testing.assert_close(found, before.relu())
    # P6 and P7 are convolutions of the previous output and keep their signs.
    for level in (3, 4):
        expected = fpn.fpn_convs[level](levels[level - 1])
        assert expected.min() < 0
        torch.testing.assert_close(levels[level], expected)
