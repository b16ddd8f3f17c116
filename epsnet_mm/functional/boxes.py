"""Boxes: scaled and clipped by Python numbers, and compared.

Numbers reach a GPU as arguments of its kernels. A tensor made of them would have to
be copied first, and the host would wait until the GPU has done all earlier work.
"""

import torch
from torch import Tensor


def scale_boxes(boxes: Tensor, x: float, y: float) -> Tensor:
    """Multiply the coordinates of boxes.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2.
        x: Factor of the horizontal ones.
        y: Factor of the vertical ones.

    Returns:
        (D, 4).
    """
    return torch.stack([boxes[:, 0::2] * x, boxes[:, 1::2] * y], dim=-1).flatten(1)


def clip_boxes(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """Move corners outside of an image to its border.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2.
        size: (H, W).

    Returns:
        (D, 4).
    """
    height, width = size
    x, y = boxes[:, 0::2].clamp(0, width), boxes[:, 1::2].clamp(0, height)
    return torch.stack([x, y], dim=-1).flatten(1)


def pairwise_iou(boxes: Tensor, others: Tensor) -> Tensor:
    """Intersection over union of each box with each other one.

    Args:
        boxes: (A, 4) as x1, y1, x2, y2.
        others: (B, 4).

    Returns:
        (A, B) in [0, 1]; NaN where both boxes have no area.
    """
    left, top, right, bottom = boxes.T[..., None]
    x1, y1, x2, y2 = others.T
    # In place: large temporary tensors take more time on a CPU than the arithmetic.
    width = torch.minimum(right, x2).sub_(torch.maximum(left, x1)).clamp_(min=0)
    height = torch.minimum(bottom, y2).sub_(torch.maximum(top, y1)).clamp_(min=0)
    intersection = width.mul_(height)
    areas = (right - left) * (bottom - top), (x2 - x1) * (y2 - y1)
    union = (areas[0] + areas[1]).sub_(intersection)
    return intersection.div_(union)
