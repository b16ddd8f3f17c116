"""Box code without copies to the device."""

from math import log

import torch
from mmdet.models.task_modules import DeltaXYWHBBoxCoder
from mmdet.registry import TASK_UTILS
from torch import Tensor


@TASK_UTILS.register_module()
class ScalarBBoxCoder(DeltaXYWHBBoxCoder):
    """Center offsets over anchor sizes and log sizes, neither clipped.

    Gives the boxes of `DeltaXYWHBBoxCoder` with ``clip_border=False``, but
    multiplies by Python numbers. Upstream makes tensors of them, and copying a
    tensor to a GPU makes the host wait until the GPU has done all earlier work.

    Args:
        target_means: Of the four offsets.
        target_stds: Of the four offsets; they are multiplied by these.
    """

    def __init__(
        self,
        target_means: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0),
        target_stds: tuple[float, ...] = (0.1, 0.1, 0.2, 0.2),
    ) -> None:
        super().__init__(target_means, target_stds, clip_border=False)

    def decode(
        self, bboxes: Tensor, pred_bboxes: Tensor, wh_ratio_clip: float = 16 / 1000
    ) -> Tensor:
        """Boxes from anchors and offsets.

        Args:
            bboxes: (D, 4) anchors as x1, y1, x2, y2.
            pred_bboxes: (D, 4) offsets of center and size.
            wh_ratio_clip: Sizes change by this factor or its inverse at most.

        Returns:
            (D, 4) as x1, y1, x2, y2.
        """
        offsets = torch.stack(
            [
                offset * std + mean
                for offset, std, mean in zip(
                    pred_bboxes.unbind(dim=1), self.stds, self.means, strict=True
                )
            ],
            dim=1,
        )
        size = bboxes[:, 2:] - bboxes[:, :2]
        center = (bboxes[:, :2] + bboxes[:, 2:]) * 0.5 + size * offsets[:, :2]
        limit = abs(log(wh_ratio_clip))
        half = size * offsets[:, 2:].clamp(-limit, limit).exp() * 0.5
        return torch.cat([center - half, center + half], dim=1)
