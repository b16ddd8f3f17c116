"""Semantic head of EPSNet-D (table 2)."""

from collections.abc import Sequence

import torch
from mmdet.registry import MODELS
from mmdet.structures import SampleList
from mmengine.model import BaseModule
from torch import Tensor, nn

from ...functional import semantic_targets


@MODELS.register_module()
class DenseSemanticHead(BaseModule):
    """A 1x1 convolution on P3, as the paper's ablation has it.

    Takes the place of `CoefficientSemanticHead` and ignores the prototypes.

    Args:
        num_things_classes: T, to tell things in the ground truth.
        num_stuff_classes: S.
        in_channels: Channels of the pyramid.
        loss_semantic: Loss over logits and label maps.
        init_cfg: Initialisation, for MMEngine.
    """

    def __init__(
        self,
        num_things_classes: int,
        num_stuff_classes: int,
        in_channels: int = 256,
        loss_semantic: dict = dict(type='PixelCrossEntropyLoss'),
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.num_things_classes = num_things_classes
        self.num_stuff_classes = num_stuff_classes
        self.classify = nn.Conv2d(in_channels, num_stuff_classes + 1, 1)
        self.loss_semantic = MODELS.build(loss_semantic)

    def forward(self, feats: Sequence[Tensor], prototypes: Tensor) -> Tensor:
        """(N, S + 1, H_3, W_3) logits: stuff classes, then "other"."""
        return self.classify(feats[0])

    def loss(
        self,
        feats: Sequence[Tensor],
        prototypes: Tensor,
        batch_data_samples: SampleList,
    ) -> dict[str, Tensor]:
        """Semantic loss L_s; see `CoefficientSemanticHead.loss`."""
        labels = torch.stack([x.gt_sem_seg.sem_seg[0] for x in batch_data_samples])
        targets = semantic_targets(
            labels,
            self.num_things_classes,
            self.num_stuff_classes,
            self.loss_semantic.ignore_index,
        )
        logits = self(feats, prototypes)
        return dict(loss_semantic=self.loss_semantic(logits, targets))

    def predict(self, feats: Sequence[Tensor], prototypes: Tensor) -> Tensor:
        """(N, S + 1, H_3, W_3) logits: stuff classes, then "other"."""
        return self(feats, prototypes)
