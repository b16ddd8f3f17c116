"""Boxes scaled and clipped by Python numbers.

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
