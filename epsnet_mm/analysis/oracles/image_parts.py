"""What an EPSNet finds in an image before fusion, and which objects it belongs to.

Legend: D detections, G objects.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ...functional import InstanceMasks, pairwise_iou
from .truth import Truth

NO_OBJECT = -1
MIN_BOX_IOU = 0.5


@dataclass(frozen=True)
class ImageParts:
    """Outputs of an image, or what an oracle puts in their place.

    Attributes:
        labels: (D,) thing classes, best first.
        masks: D masks of the size of the image.
        objects: (D,) position in G of the object of each detection, or NO_OBJECT.
        logits: (S + 1, h, w) of the network's input; None for the true semantic map.
        crop: From (D, 4) boxes in pixels of the image to the D masks that the
            detections have in these boxes.
        boxes: (D, 4) boxes in pixels of the image.
    """

    labels: Tensor
    masks: InstanceMasks
    objects: Tensor
    logits: Tensor | None
    crop: Callable[[Tensor], InstanceMasks]
    boxes: Tensor


def assign_objects(boxes: Tensor, labels: Tensor, truth: Truth) -> Tensor:
    """The object that each detection stands for.

    It is the one with the largest IoU of boxes, from MIN_BOX_IOU on. Objects of the
    detection's class come before others. Several detections may share an object.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2 in pixels.
        labels: (D,) thing classes.
        truth: G objects.

    Returns:
        (D,) positions in G, or NO_OBJECT.
    """
    if len(truth.labels) == 0:
        return torch.full_like(labels, NO_OBJECT)
    ious = pairwise_iou(boxes, truth.boxes).nan_to_num()
    near = ious >= MIN_BOX_IOU
    # An IoU is at most 1: one more for the same class decides before it.
    preference = near * (ious + (labels[:, None] == truth.labels))
    best, objects = preference.max(dim=1)
    return objects.masked_fill(best == 0, NO_OBJECT)


def true_masks(truth: Truth, objects: Tensor) -> InstanceMasks:
    """Masks of some objects, each as its window.

    Args:
        truth: G objects.
        objects: (D,) positions in G.
    """
    windows = [tuple(x) for x in truth.boxes[objects].int().tolist()]
    masks = [
        truth.masks[number, y0:y1, x0:x1]
        for number, (x0, y0, x1, y1) in zip(objects.tolist(), windows, strict=True)
    ]
    return InstanceMasks(windows, masks, tuple(truth.semantic.shape))


def mask_ious(masks: InstanceMasks, truth: Truth) -> Tensor:
    """(D, G) IoU of all masks with all objects, in [0, 1]."""
    common = truth.boxes.new_zeros(len(masks), len(truth.labels))
    for row, mask, (x0, y0, x1, y1) in zip(
        common, masks.masks, masks.windows, strict=True
    ):
        row[:] = (truth.masks[:, y0:y1, x0:x1] & mask).sum(dim=(1, 2))
    areas = common.new_tensor([mask.sum() for mask in masks.masks])
    unions = areas[:, None] + truth.masks.sum(dim=(1, 2)) - common
    return common / unions.clamp(min=1)
