"""Semantic head that predicts mask coefficients (section 3.1, figure 4)."""

from collections.abc import Sequence

from mmcv.cnn import ConvModule
from mmdet.registry import MODELS
from torch import Tensor, nn

from ...functional import linear_combination
from .base_epsnet_semantic_head import BaseEPSNetSemanticHead


@MODELS.register_module()
class CoefficientSemanticHead(BaseEPSNetSemanticHead):
    """K coefficients for each semantic class, from the coarsest level.

        P7 -> 3x3 conv -> 1x1 conv, tanh -> mean over positions -> coefficients
        coefficients x prototypes -> logits: S stuff classes, then "other"

    "Other" is any thing; things themselves come from the instance head.

    Args:
        num_things_classes: T, to tell things in the ground truth.
        num_stuff_classes: S.
        num_prototypes: K.
        num_unused_classes: Number of logits after "other" that are never a target.
            The released network has one, for unlabelled pixels.
        in_channels: Channels of the pyramid.
        feat_channels: Channels of the first block.
        padding: Of the 3x3 convolution. The paper has none. Inputs below 257 px
            need 1, because their P7 is smaller than 3 x 3.
        norm_cfg: Normalization of the first block.
        loss_semantic: Loss over logits and label maps.
        init_cfg: Initialization, for MMEngine.
    """

    def __init__(
        self,
        num_things_classes: int,
        num_stuff_classes: int,
        num_prototypes: int = 32,
        num_unused_classes: int = 0,
        in_channels: int = 256,
        feat_channels: int = 256,
        padding: int = 0,
        norm_cfg: dict = dict(type='GN', num_groups=32),
        loss_semantic: dict = dict(type='PixelCrossEntropyLoss'),
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(
            num_things_classes,
            num_stuff_classes,
            num_prototypes,
            loss_semantic,
            init_cfg,
        )
        self.min_size = 3 - 2 * padding
        self.conv = ConvModule(
            in_channels, feat_channels, 3, padding=padding, bias=True, norm_cfg=norm_cfg
        )
        self.to_coeffs = nn.Conv2d(
            feat_channels,
            num_prototypes * (num_stuff_classes + 1 + num_unused_classes),
            1,
        )

    def forward(self, feats: Sequence[Tensor], prototypes: Tensor) -> Tensor:
        """Equation 3, without its softmax.

        Args:
            feats: Pyramid levels, the coarsest last: (N, C, H_7, W_7).
            prototypes: (N, K, h, w).

        Returns:
            (N, S + 1 + unused, h, w) logits.

        Raises:
            ValueError: The coarsest level is too small for the convolution.
        """
        coarsest = feats[-1]
        if min(coarsest.shape[-2:]) < self.min_size:
            raise ValueError(
                f'The coarsest pyramid level is {tuple(coarsest.shape[-2:])}, smaller '
                'than the 3x3 convolution of CoefficientSemanticHead: use larger '
                'images or semantic_head=dict(padding=1).'
            )
        coeffs = self.to_coeffs(self.conv(coarsest)).tanh().mean(dim=(2, 3))
        # Prototype-major, as in the released network: (N, K * classes).
        coeffs = coeffs.unflatten(1, (self.num_prototypes, -1)).transpose(1, 2)
        return linear_combination(prototypes, coeffs)
