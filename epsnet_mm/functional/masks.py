"""Masks from prototypes and coefficients (equations 1 to 3), cropped to boxes."""

from dataclasses import dataclass

import torch
from torch import Tensor

from .boxes import clip_boxes
from .resample import BilinearAxis

# How far beyond its box a mask may reach, in prototype pixels.
PADDING = 1.0


def linear_combination(prototypes: Tensor, coeffs: Tensor) -> Tensor:
    """Combine prototypes into masks: the paper's one equation.

    Args:
        prototypes: (..., K, h, w), for one image or a batch.
        coeffs: (..., D, K), a row for each mask, in [-1, 1].

    Returns:
        (..., D, h, w) mask logits. A sigmoid makes them instance masks
        (equation 2), a softmax over D semantic ones (equation 3).
    """
    return torch.einsum('...dk,...khw->...dhw', coeffs, prototypes)


def prototype_windows(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """First and one-past-last prototype pixel kept for each box.

    Pixel i is kept when ``x1 - 1 <= i < x2 + 1``: one pixel of padding, box
    edges not rounded (released network).

    Args:
        boxes: (D, 4) as x1, y1, x2, y2 in prototype pixels.
        size: (h, w) of the prototypes.

    Returns:
        (D, 4) int64 as x_first, y_first, x_end, y_end, clipped to the map. The
        window is empty where an end is not larger than its first pixel.
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


@dataclass
class InstanceMasks:
    """Binary masks of one image, each stored as its window of the image.

    Attributes:
        windows: D tuples (x_first, y_first, x_end, y_end) in image pixels.
        masks: D bool tensors of shape (y_end - y_first, x_end - x_first).
        size: (H, W) of the image.
    """

    windows: list[tuple[int, int, int, int]]
    masks: list[Tensor]
    size: tuple[int, int]

    def __len__(self) -> int:
        return len(self.masks)

    def hflip(self) -> 'InstanceMasks':
        """The masks of the mirrored image."""
        width = self.size[1]
        windows = [(width - x1, y0, width - x0, y1) for x0, y0, x1, y1 in self.windows]
        return InstanceMasks(windows, [x.flip(-1) for x in self.masks], self.size)

    def to_dense(self, device: torch.device | str = 'cpu') -> Tensor:
        """(D, H, W) bool; for drawing and instance evaluation."""
        dense = torch.zeros((len(self), *self.size), dtype=torch.bool, device=device)
        for canvas, mask, (x0, y0, x1, y1) in zip(
            dense, self.masks, self.windows, strict=True
        ):
            canvas[y0:y1, x0:x1] = mask
        return dense


def assemble_instance_masks(
    prototypes: Tensor,
    coeffs: Tensor,
    boxes: Tensor,
    rows: BilinearAxis,
    columns: BilinearAxis,
    threshold: float = 0.5,
) -> InstanceMasks:
    """Sigmoid, crop, bilinear upsampling, threshold (released network).

    The result is that of upsampling the (D, h, w) stack of cropped masks to
    (D, H, W) and comparing it with the threshold, but that stack is never made.
    The windows go to the host in one transfer, the only synchronisation.

    Args:
        prototypes: (K, h, w) float32.
        coeffs: (D, K) float32, mask coefficients.
        boxes: (D, 4) as x1, y1, x2, y2 in prototype pixels.
        rows: From the h prototype rows to the H rows of the image.
        columns: From the w prototype columns to the W columns of the image.
        threshold: A pixel belongs to the mask above this probability.
    """
    h, w = prototypes.shape[-2:]
    probs = linear_combination(prototypes, coeffs).sigmoid_()
    down, across = rows.matrix, columns.matrix.T
    windows, masks = [], []
    for prob, (x0, y0, x1, y1) in zip(
        probs, prototype_windows(boxes, (h, w)).tolist(), strict=True
    ):
        top, bottom = _image_range(y0, y1, rows)
        left, right = _image_range(x0, x1, columns)
        # Outside of the crop values are 0, so the products leave them out.
        mask = down[top:bottom, y0:y1] @ prob[y0:y1, x0:x1] @ across[x0:x1, left:right]
        windows.append((left, top, right, bottom))
        masks.append(mask > threshold)
    return InstanceMasks(windows, masks, (rows.out_size, columns.out_size))


def _image_range(first: int, end: int, axis: BilinearAxis) -> tuple[int, int]:
    """Image pixels that read from source pixels [first, end) of one axis."""
    if end <= first:
        return 0, 0
    low = 0 if first == 0 else int((first - 0.5) / axis.scale - 0.5)
    high = int((end + 0.5) / axis.scale - 0.5) + 1
    return min(max(low, 0), axis.out_size), min(high, axis.out_size)
