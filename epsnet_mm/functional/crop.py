"""Cropping of masks to boxes, with the padding of the released network."""

import torch
from torch import Tensor

from .boxes import clip_boxes

# How far beyond its box a mask may reach, in prototype pixels.
PADDING = 1.0


def prototype_windows(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """First and one-past-last prototype pixel kept for each box.

    Pixel i is kept when ``x1 - 1 <= i < x2 + 1``: one pixel of padding, box
    edges not rounded (released network).

    Args:
        boxes: (D, 4) as x1, y1, x2, y2 in prototype pixels.
        size: (h, w) of the prototypes.

    Returns:
        (D, 4) int64 as x_first, y_first, x_end, y_end, clipped to the map; an
        end may be smaller than its first pixel, the window is empty then.
    """
    corners = torch.cat(
        [
            torch.minimum(boxes[:, :2], boxes[:, 2:]) - PADDING,
            torch.maximum(boxes[:, :2], boxes[:, 2:]) + PADDING,
        ],
        dim=1,
    )
    return clip_boxes(corners.ceil(), size).long()


def box_crop_mask(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """Which prototype pixels belong to each box, padding included.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2 in prototype pixels.
        size: (h, w) of the prototypes.

    Returns:
        (D, h, w) bool.
    """
    h, w = size
    first_x, first_y, end_x, end_y = prototype_windows(boxes, size).T[..., None]
    x = torch.arange(w, device=boxes.device)
    y = torch.arange(h, device=boxes.device)
    columns = (x >= first_x) & (x < end_x)
    rows = (y >= first_y) & (y < end_y)
    return rows[:, :, None] & columns[:, None, :]
