"""Prototypes with a cheaper last block, for a CPU."""

from mmcv.cnn import DepthwiseSeparableConvModule
from mmdet.registry import MODELS

from .epsnet_prototype_head import EPSNetPrototypeHead


@MODELS.register_module()
class DepthwisePrototypeHead(EPSNetPrototypeHead):
    """Prototype head whose block after the upsampling is depthwise separable.

    Not in the paper. That block works at four times the positions of the others. It
    becomes a 3x3 convolution of each channel by itself and a 1x1 convolution, each
    with normalization and ReLU.

    Args:
        feat_channels: Channels of the blocks.
        norm_cfg: Normalization of the blocks.
        kwargs: See `EPSNetPrototypeHead`.
    """

    def __init__(
        self,
        feat_channels: int = 256,
        norm_cfg: dict = dict(type='GN', num_groups=32),
        **kwargs,
    ) -> None:
        super().__init__(feat_channels=feat_channels, norm_cfg=norm_cfg, **kwargs)
        self.upsampled_conv = DepthwiseSeparableConvModule(
            feat_channels, feat_channels, 3, padding=1, bias=True, norm_cfg=norm_cfg
        )
