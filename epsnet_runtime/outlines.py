"""The exact outlines of a mask, as polygons along the sides of its pixels."""

import numpy as np

# Directions right, down, left, up as steps in x and y.
_STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))


def mask_polygons(mask: np.ndarray) -> list[np.ndarray]:
    """Follow the outlines of a mask.

    The points are corners of pixels, so the polygons have exactly the mask's area.
    Parts that touch at a corner only get polygons of their own.

    Args:
        mask: (H, W) bool.

    Returns:
        (P, 2) int32 points x, y of each closed line, without repeating the first.
        Outer lines run clockwise on the screen, those around holes the other way.
    """
    padded = np.pad(mask, 1)
    inside = padded[1:-1, 1:-1]
    # Corner (y, x) -> directions of the sides that start there. The mask is on their
    # right.
    sides: dict[tuple[int, int], list[int]] = {}
    for direction, (outside, dy, dx) in enumerate(
        (
            (padded[:-2, 1:-1], 0, 0),  # above: from the top left corner to the right
            (padded[1:-1, 2:], 0, 1),  # right: from the top right corner down
            (padded[2:, 1:-1], 1, 1),  # below: from the bottom right corner to the left
            (padded[1:-1, :-2], 1, 0),  # left: from the bottom left corner up
        )
    ):
        ys, xs = np.nonzero(inside & ~outside)
        for corner in zip((ys + dy).tolist(), (xs + dx).tolist(), strict=True):
            sides.setdefault(corner, []).append(direction)
    polygons = []
    while sides:
        corner = next(iter(sides))
        polygons.append(_follow(sides, corner))
    return polygons


def _follow(
    sides: dict[tuple[int, int], list[int]], start: tuple[int, int]
) -> np.ndarray:
    """Take one closed line out of the sides; keep the points where it turns."""
    corner, previous = start, None
    points: list[tuple[int, int]] = []
    first = sides[start][0]
    while corner in sides:
        choices = sides[corner]
        direction = choices[0]
        if len(choices) == 2 and previous is not None:
            # Two pixels touch at this corner. A right turn stays at the same pixel.
            right = (previous + 1) % 4
            direction = right if right in choices else direction
        choices.remove(direction)
        if not choices:
            del sides[corner]
        if direction != previous:
            points.append(corner[::-1])
        dx, dy = _STEPS[direction]
        corner, previous = (corner[0] + dy, corner[1] + dx), direction
        if corner == start and (corner not in sides or (previous + 1) % 4 == first):
            break
    if previous == first:
        points = points[1:]
    return np.array(points, np.int32)
