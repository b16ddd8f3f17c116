"""Resizing with the pixels of OpenCV, which the test pipelines use."""

import torch
from torch import Tensor

# Fixed-point arithmetic of OpenCV's bilinear resizing of bytes: weights are multiples
# of 1 / 2048, and sums are shifted in two steps. The integers stay below 2 ** 24, and
# floats hold them exactly: runtimes join operations on floats, but not on integers.
_ONE = 2048
_FIRST_SHIFT, _SECOND_SHIFT, _LAST_SHIFT = 2**4, 2**16, 2**2
# Weights are split into two parts, as products with whole ones have more bits.
_PART = 2**6


def resize_images(images: Tensor, size: tuple[int, int], as_floats: bool) -> Tensor:
    """Bilinear resizing with the pixels of `cv2.resize`.

    Args:
        images: (N, H, W, C) uint8.
        size: (height, width) of the result.
        as_floats: The pipeline makes floats of the pixels before it resizes them.
            They stay floats then. OpenCV's builds with Intel's IPP differ from this
            by up to 0.05 of 255; all other builds, and bytes, are equal.

    Returns:
        (N, C, height, width) float32 in 0 .. 255.
    """
    lower_y, upper_y, y = _taps(images.shape[1], size[0], images.device)
    lower_x, upper_x, x = _taps(images.shape[2], size[1], images.device)
    # Bytes of the four neighbors, before they become larger types.
    top, bottom = images.index_select(1, lower_y), images.index_select(1, upper_y)
    # OpenCV lets columns end at the border, but mixes rows of the border with
    # themselves; fixed-point rounding shows it.
    x = torch.where(lower_x == upper_x, 0, x)
    y = y[:, None]
    # Rows of one channel are longer than pixels of three: arithmetic is faster on them.
    a, b, c, d = (
        rows.index_select(2, columns).permute(0, 3, 1, 2).float()
        for rows in (top, bottom)
        for columns in (lower_x, upper_x)
    )
    if as_floats:
        above, below = a * (1 - x) + b * x, c * (1 - x) + d * x
        return above * (1 - y) + below * y
    left, right, upper, lower = ((v * _ONE).round() for v in (1 - x, x, 1 - y, y))
    above = _shift(a * left + b * right, _FIRST_SHIFT)
    below = _shift(c * left + d * right, _FIRST_SHIFT)
    total = _weighted(above, upper) + _weighted(below, lower)
    return _shift(total + _LAST_SHIFT // 2, _LAST_SHIFT)


def _weighted(values: Tensor, weights: Tensor) -> Tensor:
    """`values * weights`, shifted."""
    high = _shift(weights, _PART)
    low = weights - high * _PART
    return _shift(values * high + _shift(values * low, _PART), _SECOND_SHIFT // _PART)


def _taps(
    in_size: int, out_size: int, device: torch.device
) -> tuple[Tensor, Tensor, Tensor]:
    """Lower and upper source pixel of each result pixel, and the upper one's weight.

    Positions are ratios of integers, rounded to float32 as OpenCV does.
    """
    numerator = (2 * torch.arange(out_size, device=device) + 1) * in_size - out_size
    whole = torch.div(numerator, 2 * out_size, rounding_mode='floor')
    share = (numerator - whole * (2 * out_size)).float() / (2 * out_size)
    weight = (whole.float() + share) - whole.float()
    return whole.clamp(0, in_size - 1), (whole + 1).clamp(0, in_size - 1), weight


def _shift(values: Tensor, power: int) -> Tensor:
    return (values * (1 / power)).floor()
