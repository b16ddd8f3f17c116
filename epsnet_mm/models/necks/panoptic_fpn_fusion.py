"""Fusion without attention: the baseline of tables 1 and 3."""

import torch.nn.functional as F
from mmcv.cnn import ConvModule
from mmdet.registry import MODELS
from mmengine.model import BaseModule, ModuleList
from torch import Tensor


@MODELS.register_module()
class PanopticFPNFusion(BaseModule):
    """Bring P5, P4 and P3 to the size of P3 with convolutions, and add them.

    Section 4.2, after Panoptic FPN: level l goes through l + 1 blocks (1 for
    P3, 2 for P4, 3 for P5), doubled in size between two blocks.

    Args:
        in_channels: Channels of the pyramid.
        out_channels: Channels of the result.
        num_levels: Levels that are fused, from P3 on.
        norm_cfg: Normalization of the blocks.
        init_cfg: Initialization, for MMEngine.
    """

    def __init__(
        self,
        in_channels: int = 256,
        out_channels: int = 256,
        num_levels: int = 3,
        norm_cfg: dict = dict(type='GN', num_groups=32),
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.branches = ModuleList()
        for level in range(num_levels):
            self.branches.append(
                ModuleList(
                    ConvModule(
                        in_channels if block == 0 else out_channels,
                        out_channels,
                        3,
                        padding=1,
                        bias=True,
                        norm_cfg=norm_cfg,
                    )
                    for block in range(level + 1)
                )
            )

    def forward(self, feats: tuple[Tensor, ...]) -> Tensor:
        """Fuse the levels.

        Args:
            feats: Pyramid levels P3, P4, ..., each (N, C, H_l, W_l).

        Returns:
            (N, out_channels, H_3, W_3).
        """
        fused = 0
        for level, blocks in enumerate(self.branches):
            x = blocks[0](feats[level])
            for finer, block in zip(reversed(feats[:level]), blocks[1:], strict=True):
                # Not twice the size: the finer map may have an odd one.
                x = F.interpolate(
                    x, finer.shape[-2:], mode='bilinear', align_corners=False
                )
                x = block(x)
            fused = fused + x
        return fused
