"""Drawing of attention maps and prototypes, on plain arrays.

Images are (H, W, 3) uint8 RGB; maps are (H, W) floats at the size of the image.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from .palettes import Color
from .panels import enlargement, join_panels

_MARGIN = 6
# Opacity of a heat map over the image, at 0 and at 1.
_COVER = (0.35, 0.85)
_RED, _WHITE = (230, 30, 30), (255, 255, 255)
# Frame colors of coefficients that raise a mask, and of those that lower it.
_POSITIVE, _NEGATIVE = (30, 150, 60), (200, 40, 40)


def heat(values: np.ndarray) -> np.ndarray:
    """Colors from dark blue (0) over green to yellow (1); (H, W, 3)."""
    shades = (255 * np.clip(values, 0, 1)).round().astype(np.uint8)
    return cv2.applyColorMap(shades, cv2.COLORMAP_VIRIDIS)[..., ::-1]


def heat_overlay(image: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Lay a map in [0, 1] over the gray image."""
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None].astype(np.float32)
    cover = _COVER[0] + (_COVER[1] - _COVER[0]) * values[..., None]
    return (gray + cover * (heat(values) - gray)).round().astype(np.uint8)


def mark_point(image: np.ndarray, point: tuple[int, int]) -> np.ndarray:
    """Draw a ring around a pixel x, y, which stays visible itself."""
    out = image.copy()
    radius = max(6, min(image.shape[:2]) // 50)
    for color, width in ((_WHITE, 5), (_RED, 2)):
        cv2.circle(out, point, radius, color, width, cv2.LINE_AA)
    return out


def draw_box(image: np.ndarray, box: Sequence[float]) -> np.ndarray:
    """Draw a box x1, y1, x2, y2, in pixels."""
    out = image.copy()
    x1, y1, x2, y2 = (round(value) for value in box)
    thickness = max(1, round(min(image.shape[:2]) / 200))
    cv2.rectangle(out, (x1, y1), (x2 - 1, y2 - 1), _RED, thickness)
    return out


def draw_attention(
    image: np.ndarray, point: tuple[int, int], maps: Sequence[tuple[str, np.ndarray]]
) -> np.ndarray:
    """Draw the image with the query marked, then each map over it (figure 8).

    Args:
        image: The image.
        point: x, y of the query, in pixels.
        maps: Title and attention of each source level. Each map is scaled by its
            own maximum.

    Returns:
        (h, w, 3) picture.
    """
    factor = enlargement(*image.shape[:2])
    point = tuple(int((value + 0.5) * factor) for value in point)
    image = _enlarge(image, factor)
    panels = [('query', mark_point(image, point))]
    for title, values in maps:
        values = _enlarge(values / max(values.max(), 1e-12), factor)
        panels.append((title, mark_point(heat_overlay(image, values), point)))
    return join_panels(panels)


def draw_prototypes(
    prototypes: np.ndarray,
    coeffs: Sequence[float],
    panels: Sequence[tuple[str, np.ndarray]],
    columns: int = 8,
    tile_width: int = 160,
) -> np.ndarray:
    """Draw a row of panels above a grid of all prototypes.

    Args:
        prototypes: (K, H, W), not negative. All share one scale of colors,
            so that they can be compared.
        coeffs: The K coefficients in [-1, 1] of one instance, which color the
            frames; empty for gray frames.
        panels: Title and image of each panel, all of one size.
        columns: Prototypes per row.
        tile_width: Width of a prototype, in pixels.

    Returns:
        (h, w, 3) picture.
    """
    height, width = prototypes.shape[1:]
    tile_size = _fitted_size(tile_width, height, width)
    # The highest values, one in a thousand, would darken all others.
    brightest = max(np.quantile(prototypes, 0.999), 1e-12)
    tiles = []
    for number, values in enumerate(prototypes):
        tile = cv2.resize(heat(values / brightest), tile_size)
        title, frame = str(number), (128, 128, 128)
        if len(coeffs):
            title += f': {coeffs[number]:+.2f}'
            frame = _frame_color(coeffs[number])
        tiles.append((title, _framed(tile, frame)))
    rows = [
        join_panels(tiles[start : start + columns])
        for start in range(0, len(tiles), columns)
    ]
    top_size = _fitted_size(2 * tile_width, height, width)
    top = join_panels(
        [
            (title, cv2.resize(image, top_size, interpolation=cv2.INTER_AREA))
            for title, image in panels
        ]
    )
    return stack_rows([top, *rows])


def stack_rows(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Stack images vertically, on white."""
    width = max(row.shape[1] for row in rows)
    parts: list[np.ndarray] = []
    for row in rows:
        padding = ((0, _MARGIN), (0, width - row.shape[1]), (0, 0))
        parts.append(np.pad(row, padding, constant_values=255))
    return np.concatenate(parts)


def _fitted_size(side: int, height: int, width: int) -> tuple[int, int]:
    """(width, height) of a picture: `side` wide, and at most four times as high."""
    scale = min(side / width, 4 * side / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _frame_color(coeff: float) -> Color:
    """Green for positive, red for negative; paler near 0."""
    goal = _POSITIVE if coeff > 0 else _NEGATIVE
    return tuple(round(235 + abs(coeff) * (value - 235)) for value in goal)


def _framed(tile: np.ndarray, color: Color, width: int = 5) -> np.ndarray:
    return cv2.copyMakeBorder(
        tile, width, width, width, width, cv2.BORDER_CONSTANT, value=color
    )


def _enlarge(values: np.ndarray, factor: int) -> np.ndarray:
    return cv2.resize(
        values, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR
    )
