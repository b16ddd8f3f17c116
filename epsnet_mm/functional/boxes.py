"""Boxes: scaled and clipped by Python numbers, and compared.

Numbers reach a GPU as arguments of its kernels. A tensor made of them would have to
be copied first, and the host would wait until the GPU has done all earlier work.
"""

import torch
import torch.nn.functional as F
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


def mask_box(mask: Tensor) -> Tensor:
    """The tight box of a mask.

    Args:
        mask: (H, W) bool; sizes may be 0.

    Returns:
        (4,) int64 as x1, y1, x2, y2 in pixels, x2 and y2 one past the last ones. An
        empty mask has the box (W, H, 0, 0).
    """
    # One more row and column, as an empty line has no minimum.
    mask = F.pad(mask, (0, 1, 0, 1))
    (x1, x2), (y1, y2) = _extent(mask.any(dim=0)), _extent(mask.any(dim=1))
    return torch.stack([x1, y1, x2, y2])


def _extent(line: Tensor) -> tuple[Tensor, Tensor]:
    """First and one-past-last true position; the last position is false."""
    size = line.shape[0]
    position = torch.arange(size, device=line.device)
    first = torch.where(line, position, size - 1).amin(dim=0)
    return first, torch.where(line, position + 1, 0).amax(dim=0)
