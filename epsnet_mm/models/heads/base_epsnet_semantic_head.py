"""What EPSNet's semantic heads share."""

from abc import ABCMeta, abstractmethod
from collections.abc import Sequence

import torch
from mmdet.registry import MODELS
from mmdet.structures import SampleList
from mmengine.model import BaseModule
from torch import Tensor

from ...functional import semantic_targets


class BaseEPSNetSemanticHead(BaseModule, metaclass=ABCMeta):
    """Loss and prediction over the logits of a subclass.

    Args:
        num_things_classes: T, to tell things in the ground truth.
        num_stuff_classes: S.
        num_prototypes: K, of the prototypes that `forward` receives.
        loss_semantic: Loss over logits and label maps.
        init_cfg: Initialization, for MMEngine.
    """

    def __init__(
        self,
        num_things_classes: int,
        num_stuff_classes: int,
        num_prototypes: int,
        loss_semantic: dict,
        init_cfg: dict | None,
    ) -> None:
        super().__init__(init_cfg)
        self.num_things_classes = num_things_classes
        self.num_stuff_classes = num_stuff_classes
        self.num_prototypes = num_prototypes
        self.loss_semantic = MODELS.build(loss_semantic)

    @abstractmethod
    def forward(self, feats: Sequence[Tensor], prototypes: Tensor) -> Tensor:
        """Semantic logits, without a softmax.

        Args:
            feats: Pyramid levels, finest first, each (N, C, H_l, W_l).
            prototypes: (N, K, h, w).

        Returns:
            (N, S + 1 or more, h, w) logits: S stuff classes, then "other", then
            what is never predicted.
        """

    def loss(
        self,
        feats: Sequence[Tensor],
        prototypes: Tensor,
        batch_data_samples: SampleList,
    ) -> dict[str, Tensor]:
        """Semantic loss L_s.

        Args:
            feats: Pyramid levels.
            prototypes: (N, K, h, w).
            batch_data_samples: With `gt_sem_seg`, labels in panoptic order.
        """
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
        """(N, S + 1, h, w) logits: stuff classes, then "other"."""
        return self(feats, prototypes)[:, : self.num_stuff_classes + 1]
