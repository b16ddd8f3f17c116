"""Semantic segmentation loss."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from mmdet.registry import MODELS
from torch import Tensor, nn

# From so many on, a CPU is twice as fast, forward and backward, if the classes of a
# pixel lie side by side; with fewer, if the pixels of a class do.
_MANY_CLASSES = 16


@MODELS.register_module()
class PixelCrossEntropyLoss(nn.Module):
    """Cross-entropy at image size, summed over labelled pixels.

    Section 3.2: normalized by the number of pixels in the image, not of the
    labelled ones, so that a sparsely labelled image weighs less.

    Args:
        loss_weight: The paper's lambda_s.
        ignore_index: Target of unlabelled pixels. Targets beyond the classes are
            unlabelled too, e.g. 255 where there are fewer classes.
        class_weight: Weight of each class's pixels, "other" last. The paper has none.
    """

    def __init__(
        self,
        loss_weight: float = 2.0,
        ignore_index: int = -1,
        class_weight: Sequence[float] | None = None,
    ) -> None:
        super().__init__()
        # Moves with the module, so that no step waits for a copy; not in checkpoints.
        weight = class_weight
        if weight is not None:
            weight = torch.tensor(weight, dtype=torch.float)
        self.register_buffer('class_weight', weight, persistent=False)
        self.loss_weight = loss_weight
        self.ignore_index = ignore_index

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Weighted mean over the batch.

        Args:
            logits: (N, C, h, w); upsampled to the size of the targets.
            targets: (N, H, W) int64 in 0 .. C - 1, or `ignore_index`.

        Returns:
            A scalar; 0, with gradients attached, if nothing is labelled.

        Raises:
            ValueError: `class_weight` has not a weight for each class.
        """
        weight = self.class_weight
        if weight is not None and len(weight) != logits.shape[1]:
            raise ValueError(
                f'PixelCrossEntropyLoss has {len(weight)} entries in `class_weight`'
                f', but there are {logits.shape[1]} classes: give one for each '
                'stuff class, then one for "other".'
            )
        logits = logits.float()
        if many := logits.shape[1] >= _MANY_CLASSES:
            logits = logits.contiguous(memory_format=torch.channels_last)
        logits = F.interpolate(
            logits, targets.shape[-2:], mode='bilinear', align_corners=False
        )
        targets = targets.masked_fill(targets >= logits.shape[1], self.ignore_index)
        if many:
            logits = logits.permute(0, 2, 3, 1).flatten(0, 2)
            targets = targets.flatten()
        loss = F.cross_entropy(
            logits,
            targets,
            weight,
            ignore_index=self.ignore_index,
            reduction='sum',
        )
        return self.loss_weight * loss / targets.numel()
