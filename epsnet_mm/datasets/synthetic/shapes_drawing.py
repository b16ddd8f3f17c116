"""Draws the scenes of the embedded "shapes" dataset.

A scene is an image and a map of the segment that each pixel shows. Classes
differ in shape and in hue, textures in hue and in pattern, and all of them
carry noise, so that a small network learns them from scratch in minutes but
cannot name a class by one exact color.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

Rng = np.random.Generator

# The value of a scene's segment map where nothing is labelled.
UNLABELLED = -1
# Base colors, RGB.
THING_COLORS = dict(
    circle=(225, 60, 190),
    square=(235, 235, 230),
    triangle=(95, 35, 150),
    star=(250, 140, 20),
)
STUFF_COLORS = dict(
    grass=(70, 150, 60), water=(50, 110, 200), sand=(215, 195, 140), brick=(160, 75, 55)
)
UNLABELLED_COLOR = (120, 120, 120)
# Fractions of the image side: diameter of an object, of a member of a crowd.
THING_DIAMETER = (0.20, 0.55)
CROWD_DIAMETER = (0.06, 0.09)
# A texture on less than this fraction of the image is left unlabelled.
MIN_STUFF_AREA = 0.03
# An object is not drawn where less than this fraction of an earlier one would stay
# visible, because slivers cannot be recognized.
MIN_VISIBLE = 0.4


@dataclass
class Scene:
    """An image and what its pixels show.

    Attributes:
        image: (H, W, 3) uint8, BGR.
        segment_map: (H, W) int32, index in `segments` or
            `UNLABELLED`.
        segments: Category name and whether it is a
            crowd. A segment that later ones hide stays in the list.
    """

    image: np.ndarray
    segment_map: np.ndarray
    segments: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, name: str, crowd: bool, mask: np.ndarray) -> None:
        """Let a new segment cover the pixels of a (H, W) bool mask."""
        self.segment_map[mask] = len(self.segments)
        self.segments.append((name, crowd))


def _speckle(size: int, rng: Rng, scale: float) -> np.ndarray:
    """Independent noise of standard deviation `scale`, (size, size, 1)."""
    return rng.normal(0, scale, (size, size, 1))


def _smooth_noise(size: int, rng: Rng, cells: tuple[int, int]) -> np.ndarray:
    """Noise that varies over a grid of (rows, columns) cells, (H, W)."""
    grid = rng.normal(0, 1, cells).astype(np.float32)
    return cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC)


def _grass(size: int, rng: Rng) -> np.ndarray:
    blades = _smooth_noise(size, rng, (max(size // 12, 1), max(size // 2, 1)))
    return 28 * blades[..., None]


def _water(size: int, rng: Rng) -> np.ndarray:
    y, x = np.mgrid[:size, :size]
    phase, swell = rng.uniform(0, 2 * np.pi, 2)
    waves = np.sin(y / 2.2 + 2 * np.sin(x / 9 + swell) + phase)
    return 24 * waves[..., None]


def _sand(size: int, rng: Rng) -> np.ndarray:
    return _speckle(size, rng, 20)


def _brick(size: int, rng: Rng) -> np.ndarray:
    y, x = np.mgrid[:size, :size] + rng.integers(0, 16, (2, 1, 1))
    row = y // 8
    mortar = (y % 8 < 2) | ((x + 8 * (row % 2)) % 16 < 2)
    return 55 * mortar[..., None]


def _unlabelled(size: int, rng: Rng) -> np.ndarray:
    return 18 * _smooth_noise(size, rng, (4, 4))[..., None]


TEXTURES: dict[str, Callable[[int, Rng], np.ndarray]] = dict(
    grass=_grass, water=_water, sand=_sand, brick=_brick
)


def _jitter(color: tuple[int, int, int], rng: Rng) -> np.ndarray:
    """A color near the given RGB one, as BGR."""
    return np.array(color[::-1]) + rng.uniform(-18, 18, 3)


def draw_background(size: int, rng: Rng, labelled: bool) -> Scene:
    """Cover the image with two to four regions of different textures.

    Args:
        size: Side of the image, pixels.
        rng: Source of all randomness.
        labelled: Whether the textures are stuff classes; otherwise
            nothing in the image is labelled. Even then one region in some
            images is unlabelled.
    """
    scene = Scene(
        np.zeros((size, size, 3)), np.full((size, size), UNLABELLED, dtype=np.int32)
    )
    names = list(rng.permutation(list(TEXTURES)))[: rng.integers(1, 4)]
    regions = [*names, 'unlabelled'] if rng.random() < 0.3 else names
    if not labelled:
        regions = ['unlabelled']

    # Nearest of a few random points, with wobbling borders.
    y, x = np.mgrid[:size, :size]
    sites = rng.uniform(0.1, 0.9, (len(regions), 2)) * size
    distance = [
        np.hypot(y - cy, x - cx) + 0.05 * size * _smooth_noise(size, rng, (5, 5))
        for cy, cx in sites
    ]
    nearest = np.argmin(distance, axis=0)
    for index, name in enumerate(regions):
        mask = nearest == index
        texture = TEXTURES.get(name, _unlabelled)(size, rng)
        color = _jitter(STUFF_COLORS.get(name, UNLABELLED_COLOR), rng)
        scene.image[mask] = (color + texture)[mask]
        if name in TEXTURES and mask.mean() >= MIN_STUFF_AREA:
            scene.add(name, False, mask)
    return scene


def shape_mask(
    name: str, size: int, center: tuple[float, float], radius: float, angle: float
) -> np.ndarray:
    """Rasterise one object.

    Args:
        name: A key of `THING_COLORS`.
        size: Side of the image, pixels.
        center: (x, y), pixels.
        radius: Of the circle through its outer corners, pixels.
        angle: Rotation, radians.

    Returns:
        (size, size) bool.
    """
    corners = dict(circle=48, square=4, triangle=3, star=10)[name]
    turn = angle + 2 * np.pi * np.arange(corners) / corners
    reach = np.full(corners, float(radius))
    if name == 'star':
        reach[1::2] *= 0.5
    points = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    points = points * reach[:, None] + center
    mask = np.zeros((size, size), dtype=np.uint8)
    # Four fractional bits: outlines fall between pixel centers.
    cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 1, shift=4)
    return mask.astype(bool)


def _paint(image: np.ndarray, name: str, mask: np.ndarray, rng: Rng) -> None:
    """Fill a mask with its class's shaded color and a dark outline."""
    size = len(image)
    shade = np.linspace(-22, 22, size)
    shade = shade[:, None] if rng.random() < 0.5 else shade[None, :]
    color = _jitter(THING_COLORS[name], rng) + shade[..., None]
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1)
    image[mask] = np.broadcast_to(color, image.shape)[mask]
    image[mask & (inner == 0)] *= 0.45


def _visible_enough(scene: Scene, drawn: dict[int, int], mask: np.ndarray) -> bool:
    """Whether every object of `drawn` (index to full area) stays visible."""
    return all(
        np.count_nonzero((scene.segment_map == index) & ~mask) >= MIN_VISIBLE * area
        for index, area in drawn.items()
    )


def draw_things(scene: Scene, count: int, rng: Rng) -> None:
    """Place objects, the later ones on top.

    A place that hides too much of another object is drawn again, at most ten times.
    """
    size = len(scene.image)
    drawn: dict[int, int] = {}
    for _ in range(count):
        name = str(rng.choice(list(THING_COLORS)))
        for _ in range(10):
            radius = rng.uniform(*THING_DIAMETER) * size / 2
            center = tuple(rng.uniform(0.1, 0.9, 2) * size)
            mask = shape_mask(name, size, center, radius, rng.uniform(0, 2 * np.pi))
            if _visible_enough(scene, drawn, mask):
                drawn[len(scene.segments)] = np.count_nonzero(mask)
                scene.add(name, False, mask)
                _paint(scene.image, name, mask, rng)
                break


def draw_crowd(scene: Scene, rng: Rng) -> None:
    """Scatter tiny objects of one class, which together are one segment."""
    size = len(scene.image)
    name = str(rng.choice(list(THING_COLORS)))
    middle = rng.uniform(0.25, 0.75, 2) * size
    covered = np.zeros((size, size), dtype=bool)
    for _ in range(rng.integers(9, 16)):
        center = tuple(middle + rng.uniform(-0.2, 0.2, 2) * size)
        radius = rng.uniform(*CROWD_DIAMETER) * size / 2
        mask = shape_mask(name, size, center, radius, rng.uniform(0, 2 * np.pi))
        _paint(scene.image, name, mask, rng)
        covered |= mask
    scene.add(name, True, covered)


def draw_scene(size: int, rng: Rng) -> Scene:
    """Draw a random scene.

    Of a hundred scenes about 8 have no labelled stuff, 8 neither objects nor
    crowds, and 5 a crowd only; 10 more have a crowd beside their two to five
    objects.

    Args:
        size: Side of the image, pixels.
        rng: Source of all randomness.
    """
    has_stuff, kind = rng.random() >= 0.08, rng.random()
    scene = draw_background(size, rng, labelled=has_stuff)
    if kind < 0.15:
        draw_crowd(scene, rng)
    if kind >= 0.05 and not 0.15 <= kind < 0.23:
        draw_things(scene, rng.integers(2, 6), rng)
    noisy = scene.image + rng.normal(0, 7, scene.image.shape)
    scene.image = np.clip(np.round(noisy), 0, 255).astype(np.uint8)
    return scene
