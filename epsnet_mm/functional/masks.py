"""Instance masks at image size, computed only where a box is."""

from dataclasses import dataclass

import torch
from torch import Tensor

from .assemble import linear_combination
from .crop import prototype_windows
from .resample import bilinear_matrix


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
    size: tuple[int, int],
    scales: tuple[float, float],
    threshold: float = 0.5,
) -> InstanceMasks:
    """Sigmoid, crop, bilinear upsampling, threshold (released network).

    Equal to upsampling the (D, h, w) stack of cropped masks to (D, H, W) and
    comparing with the threshold, without ever making that stack. The windows
    go to the host in one transfer, the only synchronisation.

    Args:
        prototypes: (K, h, w) float32.
        coeffs: (D, K) float32, mask coefficients.
        boxes: (D, 4) as x1, y1, x2, y2 in prototype pixels.
        size: (H, W) of the image the masks are for.
        scales: Prototype pixels per image pixel, vertical and horizontal.
        threshold: A pixel belongs to the mask above this probability.
    """
    h, w = prototypes.shape[-2:]
    probs = linear_combination(prototypes, coeffs).sigmoid_()
    rows = bilinear_matrix(h, size[0], scales[0], prototypes.device)
    columns = bilinear_matrix(w, size[1], scales[1], prototypes.device).T
    windows, masks = [], []
    for prob, (x0, y0, x1, y1) in zip(
        probs, prototype_windows(boxes, (h, w)).tolist(), strict=True
    ):
        top, bottom = _image_range(y0, y1, size[0], scales[0])
        left, right = _image_range(x0, x1, size[1], scales[1])
        # What lies outside the crop is 0 and left out of the products.
        mask = rows[top:bottom, y0:y1] @ prob[y0:y1, x0:x1] @ columns[x0:x1, left:right]
        windows.append((left, top, right, bottom))
        masks.append(mask > threshold)
    return InstanceMasks(windows, masks, size)


def _image_range(first: int, end: int, size: int, scale: float) -> tuple[int, int]:
    """Image pixels that read from source pixels [first, end) of one axis."""
    if end <= first:
        return 0, 0
    low = 0 if first == 0 else int((first - 0.5) / scale - 0.5)
    high = int((end + 0.5) / scale - 0.5) + 1
    return min(max(low, 0), size), min(high, size)
