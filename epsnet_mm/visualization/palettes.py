"""Colors of classes, in whatever form a dataset has them."""

from collections.abc import Sequence
from numbers import Real

from epsnet_runtime.drawing.segment_colors import Color

from matplotlib.colors import to_rgb
from mmdet.visualization.palette import get_palette


def class_colors(palette: object, num_classes: int) -> list[Color]:
    """Find a color for each class.

    Args:
        palette: A palette's name of MMDetection; one color for all classes, or a
            color of each. A color is RGB or RGBA from 0 to 255, the same as floats
            from 0 to 1, or a text such as '#00ff80' or 'red'. Alpha is dropped.
        num_classes: Number of classes.

    Returns:
        RGB of each class. A class without a valid color gets a random one, which is
        always the same.
    """
    chance = [_plain(color) for color in get_palette('random', num_classes)]
    if palette is None or isinstance(palette, str):
        try:
            given = get_palette(palette, num_classes)
        # Neither a known name nor a color, or a palette of fewer classes.
        except (AssertionError, KeyError, ValueError):
            given = [palette] * num_classes
    elif isinstance(palette, tuple) and _plain(palette) is not None:
        given = [palette] * num_classes
    elif isinstance(palette, Sequence):
        given = palette
    else:
        given = ()
    found = [_plain(color) for color in given[:num_classes]]
    return [
        color or other
        for color, other in zip(
            found + [None] * (num_classes - len(found)), chance, strict=True
        )
    ]


def _plain(color: object) -> Color | None:
    """RGB from 0 to 255; None if it is no color."""
    if isinstance(color, str):
        try:
            return tuple(round(255 * value) for value in to_rgb(color))
        except ValueError:
            return None
    try:
        values = list(color)
    except TypeError:
        return None
    if len(values) not in (3, 4) or not all(isinstance(x, Real) for x in values):
        return None
    factor = 255 if all(isinstance(x, float) and 0 <= x <= 1 for x in values) else 1
    if not all(0 <= x * factor <= 255 for x in values):
        return None
    return tuple(round(x * factor) for x in values[:3])
