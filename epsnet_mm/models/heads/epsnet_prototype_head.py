"""Prototypes, shared by both tasks (section 3.1, "Protohead")."""

import torch.nn.functional as F
from mmcv.cnn import ConvModule
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn


@MODELS.register_module()
class EPSNetPrototypeHead(BaseModule):
    """Three blocks, 2x upsampling, one block, 1x1 convolution to K maps.

    As in the released network, normalization and ReLU follow the last convolution:
    prototypes are not negative.

    Args:
        num_prototypes: K.
        in_channels: Channels of the fused features.
        feat_channels: Channels of the blocks.
        num_convs: Blocks before the upsampling.
        norm_cfg: Normalization of the blocks. The prototypes get group
            normalization with one group per prototype.
        init_cfg: Initialization, for MMEngine.
    """

    def __init__(
        self,
        num_prototypes: int = 32,
        in_channels: int = 256,
        feat_channels: int = 256,
        num_convs: int = 3,
        norm_cfg: dict = dict(type='GN', num_groups=32),
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.convs = nn.Sequential(
            *[
                ConvModule(
                    in_channels if i == 0 else feat_channels,
                    feat_channels,
                    3,
                    padding=1,
                    bias=True,
                    norm_cfg=norm_cfg,
                )
                for i in range(num_convs)
            ]
        )
        self.upsampled_conv = ConvModule(
            feat_channels, feat_channels, 3, padding=1, bias=True, norm_cfg=norm_cfg
        )
        self.to_prototypes = ConvModule(
            feat_channels,
            num_prototypes,
            1,
            bias=True,
            norm_cfg=dict(type='GN', num_groups=num_prototypes),
        )

    def forward(self, fused: Tensor) -> Tensor:
        """Prototypes of each image.

        Args:
            fused: (N, in_channels, H_3, W_3).

        Returns:
            (N, K, h, w), not negative, with h = 2 H_3 and w = 2 W_3.
        """
        x = F.interpolate(
            self.convs(fused), scale_factor=2, mode='bilinear', align_corners=False
        )
        return self.to_prototypes(self.upsampled_conv(x))
