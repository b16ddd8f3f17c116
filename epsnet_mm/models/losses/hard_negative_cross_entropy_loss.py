"""Classification loss of the instance branch."""

import torch
import torch.nn.functional as F
from mmdet.registry import MODELS
from torch import Tensor, nn


@MODELS.register_module()
class HardNegativeCrossEntropyLoss(nn.Module):
    """Cross-entropy over positives and the hardest negatives (OHEM).

    Each image contributes its positive anchors and, for each of them,
    `neg_pos_ratio` background anchors: those with the largest loss.

    Args:
        neg_pos_ratio: Negatives per positive.
        loss_weight: The paper's lambda_c.
    """

    def __init__(self, neg_pos_ratio: int = 3, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.neg_pos_ratio = neg_pos_ratio
        self.loss_weight = loss_weight

    def forward(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Sum over the batch, weighted.

        Args:
            logits: (N, A, T + 1), background last.
            labels: (N, A) int64: thing class, T = background, -1 = ignored.

        Returns:
            A scalar, for the caller to divide by the number of positives; 0,
            with gradients attached, for a batch without positives.
        """
        background = logits.shape[-1] - 1
        loss = F.cross_entropy(
            logits.flatten(0, 1).float(),
            labels.flatten(),
            ignore_index=-1,
            reduction='none',
        ).view_as(labels)
        positive = (labels >= 0) & (labels < background)
        negative_loss = torch.where(labels == background, loss, 0)
        hardest = negative_loss.sort(dim=1, descending=True).values
        quota = self.neg_pos_ratio * positive.sum(dim=1, keepdim=True)
        chosen = torch.arange(labels.shape[1], device=labels.device) < quota
        total = torch.where(positive, loss, 0).sum() + (hardest * chosen).sum()
        return self.loss_weight * total
