"""Panels side by side, with titles, of bounded size.

Images are (H, W, 3) uint8 RGB.
"""

from collections.abc import Sequence

from epsnet_runtime.drawing.text import font_scale, put_text

import cv2
import numpy as np

# The longer side of a panel, in pixels, and the width of a whole figure.
MAX_SIDE = 2048
MIN_FIGURE_WIDTH = 320

_MARGIN = 6


def enlargement(height: int, width: int, min_side: int = 384) -> int:
    """Integer factor that makes an image large enough for readable text.

    It does not make the longer side larger than `MAX_SIDE`.
    """
    wanted = -(-min_side // min(height, width))
    return max(1, min(wanted, MAX_SIDE // max(height, width)))


def panel_size(height: int, width: int) -> tuple[int, int]:
    """(height, width) of the panel that shows an image.

    Small images are enlarged by an integer factor, see `enlargement`. Images with a
    side beyond `MAX_SIDE` are reduced to it.
    """
    longest = max(height, width)
    if longest <= MAX_SIDE:
        factor = enlargement(height, width)
        return height * factor, width * factor
    return tuple(max(1, round(x * MAX_SIDE / longest)) for x in (height, width))


def fit_image(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resize an image to (height, width)."""
    if image.shape[:2] == size:
        return image
    reduced = size[0] < image.shape[0]
    method = cv2.INTER_AREA if reduced else cv2.INTER_CUBIC
    return cv2.resize(image, size[::-1], interpolation=method)


def fit_ids(ids: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resize an (H, W) id map to (height, width), by nearest neighbor."""
    ids = ids.astype(np.int32)
    if ids.shape == size:
        return ids
    return cv2.resize(ids, size[::-1], interpolation=cv2.INTER_NEAREST_EXACT)


def join_panels(panels: Sequence[tuple[str, np.ndarray]]) -> np.ndarray:
    """Put images of one size side by side, each under its title."""
    scale = 1.3 * font_scale(*panels[0][1].shape[:2])
    bar_height = int(40 * scale)
    columns = []
    for title, image in panels:
        bar = np.full((bar_height, image.shape[1], 3), 255, np.uint8)
        put_text(bar, title, (2, int(28 * scale)), scale)
        columns += [
            np.concatenate((bar, image)),
            np.full((bar_height + len(image), _MARGIN, 3), 255, np.uint8),
        ]
    return np.concatenate(columns[:-1], axis=1)


def widen(figure: np.ndarray) -> np.ndarray:
    """Add white on the right, so that there is room for a legend."""
    missing = max(0, MIN_FIGURE_WIDTH - figure.shape[1])
    return np.pad(figure, ((0, 0), (0, missing), (0, 0)), constant_values=255)
