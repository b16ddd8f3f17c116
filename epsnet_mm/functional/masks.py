"""Masks from prototypes and coefficients (equations 1 to 3), cropped to boxes."""

from collections.abc import Sequence
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
    sources = prototype_windows(boxes, (h, w))
    size = rows.out_size, columns.out_size
    targets = image_windows(sources, (rows.scale, columns.scale), size)
    windows, masks = [], []
    for prob, (source, target) in zip(
        probs, torch.stack([sources, targets], dim=1).tolist(), strict=True
    ):
        mask = upsample_window(prob, source, target, rows.matrix, columns.matrix)
        windows.append(tuple(target))
        masks.append(mask > threshold)
    return InstanceMasks(windows, masks, size)


def upsample_window(
    values: Tensor,
    source: Sequence[int],
    target: Sequence[int],
    down: Tensor,
    across: Tensor,
) -> Tensor:
    """Bilinear upsampling of a window of a map to a window of the image.

    The map counts as 0 outside of the source window, so the products leave that out.

    Args:
        values: (h, w).
        source: x_first, y_first, x_end, y_end in pixels of the map.
        target: The same in pixels of the image; see `image_windows`.
        down: (H, h), `BilinearAxis.matrix` of the rows.
        across: (W, w), `BilinearAxis.matrix` of the columns.

    Returns:
        The target window.
    """
    x0, y0, x1, y1 = source
    left, top, right, bottom = target
    rows, columns = down[top:bottom, y0:y1], across[left:right, x0:x1]
    return rows @ values[y0:y1, x0:x1] @ columns.T


def image_windows(
    sources: Tensor, scales: tuple[float, float], size: tuple[int, int]
) -> Tensor:
    """Windows of the image that read from windows of a map.

    Args:
        sources: (D, 4) int64 as x_first, y_first, x_end, y_end in pixels of the map.
        scales: Map positions per pixel of the image, vertical and horizontal.
        size: (H, W) of the image.

    Returns:
        (D, 4) int64 in pixels of the image. They hold all pixels that read from the
        sources, and may hold one more at each side. Empty where a source is empty.
    """
    x0, y0, x1, y1 = sources.unbind(dim=1)
    top, bottom = _image_range(y0, y1, scales[0], size[0])
    left, right = _image_range(x0, x1, scales[1], size[1])
    windows = torch.stack([left, top, right, bottom], dim=1)
    empty = (x1 <= x0) | (y1 <= y0)
    return windows.masked_fill(empty[:, None], 0)


def _image_range(
    first: Tensor, end: Tensor, scale: float, size: int
) -> tuple[Tensor, Tensor]:
    """Image pixels that read from source pixels [first, end) of one axis, (D,)."""
    low = ((first - 0.5) / scale - 0.5).long().clamp(0, size)
    high = ((end + 0.5) / scale - 0.5).long() + 1
    # The first source pixel is read beyond its center, too.
    return low.masked_fill(first == 0, 0), high.clamp(0, size)
