"""Bilinear resampling, one axis at a time."""

from functools import lru_cache

import torch
from torch import Tensor


@lru_cache(maxsize=64)
def bilinear_taps(
    in_size: int, out_size: int, scale: float, device: torch.device
) -> tuple[Tensor, Tensor, Tensor]:
    """The two source positions and the weight behind each output position.

    The grid is that of ``interpolate(mode='bilinear', align_corners=False)``.
    Taps depend on sizes only, so they are kept for the next image.

    Args:
        in_size: Length of the source axis.
        out_size: Length of the output axis.
        scale: Source positions per output position; ``in_size / out_size``
            where the output shows the whole source, less where the source has
            padding at its end.
        device: Where the taps live.

    Returns:
        Lower and upper source index, both (out_size,) int64, and the weight of
        the upper one, (out_size,) float32 in [0, 1).
    """
    position = (torch.arange(out_size, device=device) + 0.5) * scale - 0.5
    position = position.clamp(0, in_size - 1)
    lower = position.long()
    upper = (lower + 1).clamp(max=in_size - 1)
    return lower, upper, position - lower


# A matrix for an image of 2000 px has about a megabyte.
@lru_cache(maxsize=16)
def bilinear_matrix(
    in_size: int, out_size: int, scale: float, device: torch.device
) -> Tensor:
    """The taps as a matrix, for maps small enough to be worth multiplying.

    Arguments are those of `bilinear_taps`.

    Returns:
        (out_size, in_size) float32; its product with the values of the source
        axis is what they interpolate to.
    """
    lower, upper, weight = bilinear_taps(in_size, out_size, scale, device)
    matrix = torch.zeros(out_size, in_size, device=device)
    matrix.scatter_(1, lower[:, None], (1 - weight)[:, None])
    # Both may be the last position.
    return matrix.scatter_add_(1, upper[:, None], weight[:, None])


def source_scales(source_size: tuple[int, int], meta: dict) -> tuple[float, float]:
    """Source pixels per pixel of the original image, vertical and horizontal.

    Args:
        source_size: (h, w) of a map that shows the whole network input.
        meta: Sizes (height, width) of the input with its padding,
            `batch_input_shape`, of the image in it, `img_shape`, and of the
            original image, `ori_shape`.
    """
    return tuple(
        size * content / padded / original
        for size, content, padded, original in zip(
            source_size,
            meta['img_shape'],
            meta['batch_input_shape'],
            meta['ori_shape'],
            strict=True,
        )
    )


def resample(
    maps: Tensor, size: tuple[int, int], scales: tuple[float, float]
) -> Tensor:
    """Bilinear resampling of whole maps.

    Args:
        maps: (D, h, w).
        size: (H, W) of the result.
        scales: Source pixels per pixel of the result, vertical and horizontal;
            see `source_scales`.

    Returns:
        (D, H, W).
    """
    h, w = maps.shape[1:]
    rows = bilinear_matrix(h, size[0], scales[0], maps.device)
    columns = bilinear_matrix(w, size[1], scales[1], maps.device)
    return rows @ maps @ columns.T
