"""Draws the example images of the page: simple shapes on four grounds.

Shapes and colors are those of the project's synthetic dataset, so that its small
network knows them. For other networks they are a first thing to click.
"""

import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

_THINGS = dict(
    circle=(225, 60, 190),
    square=(235, 235, 230),
    triangle=(95, 35, 150),
    star=(250, 140, 20),
)
_CORNERS = dict(circle=48, square=4, triangle=3, star=10)
_GROUNDS = dict(
    grass=(70, 150, 60), water=(50, 110, 200), sand=(215, 195, 140), brick=(160, 75, 55)
)
# Two grounds, and shapes as (name, x, y, radius), as shares of the side.
_SCENES = (
    (
        ('grass', 'water'),
        (('circle', 0.3, 0.35, 0.2), ('star', 0.68, 0.62, 0.26)),
    ),
    (
        ('sand', 'brick'),
        (
            ('triangle', 0.35, 0.62, 0.25),
            ('square', 0.62, 0.4, 0.22),
            ('circle', 0.8, 0.78, 0.13),
        ),
    ),
    (
        ('water', 'sand'),
        (
            ('star', 0.25, 0.3, 0.2),
            ('star', 0.6, 0.28, 0.18),
            ('triangle', 0.72, 0.72, 0.22),
            ('square', 0.3, 0.75, 0.17),
        ),
    ),
    (
        ('brick', 'grass'),
        (
            ('square', 0.3, 0.32, 0.2),
            ('circle', 0.42, 0.42, 0.16),
            ('triangle', 0.75, 0.3, 0.18),
            ('star', 0.65, 0.75, 0.2),
            ('circle', 0.2, 0.8, 0.13),
        ),
    ),
)


def write_examples(folder: str | Path, size: int = 320) -> list[str]:
    """Write the example images.

    Args:
        folder: Where to; it exists.
        size: Side of the square images, in pixels.

    Returns:
        Their paths.
    """
    rng = np.random.default_rng(0)
    paths = []
    for number, (grounds, things) in enumerate(_SCENES, 1):
        path = Path(folder) / f'shapes_{number}.png'
        _draw_scene(size, grounds, things, rng).save(path)
        paths.append(str(path))
    return paths


def _draw_scene(
    size: int,
    grounds: tuple[str, str],
    things: tuple[tuple[str, float, float, float], ...],
    rng: np.random.Generator,
) -> Image.Image:
    """Two grounds with a wavy border, and shapes over them."""
    y, x = np.mgrid[:size, :size] / size
    wave = 0.5 + 0.08 * np.sin(7 * x + rng.uniform(0, 6))
    second = (y + rng.uniform(-0.3, 0.3) * (x - 0.5) > wave)[..., None]
    first_color, second_color = (np.array(_GROUNDS[name], float) for name in grounds)
    pixels = np.where(second, second_color, first_color)
    pixels += 14 * np.sin(40 * y + 3 * np.sin(9 * x))[..., None]
    pixels += rng.normal(0, 10, (size, size, 1))
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    # Four times as large, for smooth outlines.
    layer = Image.new('RGBA', (4 * size, 4 * size))
    draw = ImageDraw.Draw(layer)
    for name, center_x, center_y, radius in things:
        points = _corners(name, center_x, center_y, radius, rng.uniform(0, 2 * math.pi))
        points = [(4 * size * px, 4 * size * py) for px, py in points]
        dark = tuple(value * 45 // 100 for value in _THINGS[name])
        draw.polygon(points, fill=_THINGS[name], outline=dark, width=size // 20)
    layer = layer.resize((size, size), Image.Resampling.LANCZOS)
    image.paste(layer, mask=layer)
    return image.filter(ImageFilter.SMOOTH)


def _corners(
    name: str, x: float, y: float, radius: float, turn: float
) -> list[tuple[float, float]]:
    count = _CORNERS[name]
    corners = []
    for number in range(count):
        angle = turn + 2 * math.pi * number / count
        reach = radius * (0.5 if name == 'star' and number % 2 else 1.0)
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return corners
