"""The legend: color swatches with the names of the classes."""

from collections.abc import Sequence

import numpy as np

from .segment_colors import Color
from .text import put_text, text_size


def draw_legend(
    entries: Sequence[tuple[str, Color]], width: int, scale: float
) -> np.ndarray:
    """Draw rows of color swatches with their names, in black on white.

    Args:
        entries: Name and RGB of each class; may be empty.
        width: Width in pixels; a longer name is cut.
        scale: Font size, as `font_scale` gives.

    Returns:
        (h, width, 3) uint8 RGB.
    """
    row_height = int(40 * scale)
    swatch = int(22 * scale)
    places, x, row = [], 0, 0
    for name, _ in entries:
        step = swatch + text_size(name, scale)[0] + int(32 * scale)
        if x > 0 and x + step > width:
            x, row = 0, row + 1
        places.append((x, row * row_height + (row_height - swatch) // 2))
        x += step
    out = np.full(((row + 1) * row_height, width, 3), 255, np.uint8)
    for (name, color), (x, y) in zip(entries, places, strict=True):
        out[y : y + swatch + 1, x : x + swatch + 1] = 0
        out[y + 1 : y + swatch, x + 1 : x + swatch] = color
        _, height, below = text_size(name, scale)
        line = y + swatch // 2 + height // 2 - below
        put_text(out, name, (x + swatch + int(8 * scale), line), scale)
    return out
