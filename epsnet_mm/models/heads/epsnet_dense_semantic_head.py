"""Semantic head of EPSNet-D (table 2)."""

from collections.abc import Sequence

from mmdet.registry import MODELS
from torch import Tensor, nn

from .base_epsnet_semantic_head import BaseEPSNetSemanticHead


@MODELS.register_module()
class EPSNetDenseSemanticHead(BaseEPSNetSemanticHead):
    """A 1x1 convolution on P3, as in the paper's ablation.

    Takes the place of `CoefficientSemanticHead` and ignores the prototypes.

    Args:
        num_things_classes: T, to tell things in the ground truth.
        num_stuff_classes: S.
        num_prototypes: K; changes nothing here.
        in_channels: Channels of the pyramid.
        loss_semantic: Loss over logits and label maps.
        init_cfg: Initialization, for MMEngine.
    """

    def __init__(
        self,
        num_things_classes: int,
        num_stuff_classes: int,
        num_prototypes: int = 32,
        in_channels: int = 256,
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
        self.classify = nn.Conv2d(in_channels, num_stuff_classes + 1, 1)

    def forward(self, feats: Sequence[Tensor], prototypes: Tensor | None) -> Tensor:
        """(N, S + 1, H_3, W_3) logits: stuff classes, then "other"."""
        return self.classify(feats[0])
