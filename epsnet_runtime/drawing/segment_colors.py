"""Colors of segments, which tell neighbors apart."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

Color = tuple[int, int, int]

# Blend towards white (positive) or black, in the order in which shades are tried.
_SHADES = (0.0, 0.35, -0.3, 0.6, -0.5, 0.18, -0.15)
# Two colors of neighbors differ by at least so much, where a shade allows it.
_MIN_DISTANCE = 60.0


def shade(color: Color, number: int) -> Color:
    """A lighter or darker form of a color; number 0 keeps it."""
    amount = _SHADES[number % len(_SHADES)]
    goal = 255.0 if amount > 0 else 0.0
    return tuple(round(value + abs(amount) * (goal - value)) for value in color)


def segment_colors(
    panoptic: np.ndarray,
    classes: Mapping[int, int],
    palette: Sequence[Color],
    kept: Mapping[int, Color] = MappingProxyType({}),
) -> dict[int, Color]:
    """Choose a color for each segment.

    A segment has its class's color in some shade. Instances of one class take turns
    among the shades. A shade that looks like a neighbor's color is passed over.

    Args:
        panoptic: (H, W) segment numbers.
        classes: Class index of each segment number; other numbers are void.
        palette: RGB of each class.
        kept: Segments whose color is decided already.

    Returns:
        RGB of each segment number.
    """
    neighbors = find_neighbors(panoptic)
    used: dict[int, int] = {}
    colors = {number: kept[number] for number in classes if number in kept}
    for number, label in classes.items():
        first = used.get(label, 0)
        used[label] = first + 1
        if number in kept:
            continue
        beside = [
            colors[other] for other in neighbors.get(number, ()) if other in colors
        ]
        colors[number] = _distinct(palette[label], first, beside)
    return colors


def _distinct(color: Color, first: int, beside: Sequence[Color]) -> Color:
    """The first shade that differs from all colors beside it, or the best one."""
    shades = [shade(color, first + turn) for turn in range(len(_SHADES))]
    if not beside:
        return shades[0]
    distances = [min(color_distance(one, other) for other in beside) for one in shades]
    for one, distance in zip(shades, distances, strict=True):
        if distance >= _MIN_DISTANCE:
            return one
    return shades[int(np.argmax(distances))]


def color_distance(one: Color, other: Color) -> float:
    """How different two colors look: 0 for equal ones, about 765 at most.

    The weights of the channels follow the eye, which sees red differences best in
    light colors and blue ones in dark colors.
    """
    red = (one[0] + other[0]) / 2 / 256
    dr, dg, db = (a - b for a, b in zip(one, other, strict=True))
    return ((2 + red) * dr * dr + 4 * dg * dg + (3 - red) * db * db) ** 0.5


def find_neighbors(panoptic: np.ndarray) -> dict[int, set[int]]:
    """The segments that touch each segment at a pixel's side."""
    neighbors: dict[int, set[int]] = {}
    size = int(panoptic.max(initial=0)) + 1
    for one, other in (
        (panoptic[1:], panoptic[:-1]),
        (panoptic[:, 1:], panoptic[:, :-1]),
    ):
        edge = one != other
        # Two numbers as one sort much faster than as rows.
        pairs = np.unique(one[edge].astype(np.int64) * size + other[edge])
        for a, b in zip(*(x.tolist() for x in np.divmod(pairs, size)), strict=True):
            neighbors.setdefault(a, set()).add(b)
            neighbors.setdefault(b, set()).add(a)
    return neighbors
