"""Mask loss of the instance branch."""

import torch.nn.functional as F
from mmdet.registry import MODELS
from torch import Tensor, nn

from ...functional import box_crop_mask


@MODELS.register_module()
class BoxNormalizedMaskLoss(nn.Module):
    """Binary cross-entropy inside each object's box, over the box's area.

    Section 3.1: the mask is cropped with the ground-truth box and the loss
    divided by its area, so that small objects count as much as large ones. As
    in the released network the crop is padded by one prototype pixel, while
    the area is that of the unpadded box.

    Args:
        loss_weight: The paper's lambda_m.
    """

    def __init__(self, loss_weight: float = 6.125) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, mask_logits: Tensor, targets: Tensor, boxes: Tensor) -> Tensor:
        """Loss of each mask.

        Args:
            mask_logits: (D, h, w).
            targets: (D, h, w) in {0, 1}.
            boxes: (D, 4) as x1, y1, x2, y2 in prototype pixels.

        Returns:
            (D,), weighted.
        """
        loss = F.binary_cross_entropy_with_logits(
            mask_logits, targets.to(mask_logits.dtype), reduction='none'
        )
        inside = box_crop_mask(boxes, mask_logits.shape[-2:])
        size = boxes[:, 2:] - boxes[:, :2]
        # At least one pixel of the input: prototypes have a quarter of its size.
        area = size.prod(dim=1).clamp(min=1 / 16)
        return self.loss_weight * (loss * inside).sum(dim=(1, 2)) / area
