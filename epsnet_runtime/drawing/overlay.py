"""The overlay: segments tinted, outlined and labelled, above a legend."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..segment import Segment
from .labels import write_labels
from .legend import draw_legend
from .segment_colors import Color, segment_colors
from .text import font_scale

# Color of void in the legend and where there is no image below; else it is dimmed.
VOID_COLOR = (40, 40, 40)

_THING_LINE, _STUFF_LINE = (255, 255, 255), (40, 40, 40)
_VOID_BRIGHTNESS = 0.4
_VOID, _STUFF, _THING = range(3)
# Rows that are worked on at a time, so that memory is bounded.
_ROWS = 256


@dataclass(frozen=True)
class Style:
    """How an overlay looks.

    Args:
        blend: Opacity of the colors over the image, from 0 to 1.
        masks_only: Leave the image out: each segment in its full color.
        outlines: Draw the borders of the segments.
        labels: Write the class, and the score of things, into large segments.
        legend: Add the names and colors of the classes below the picture.

    Raises:
        ValueError: If `blend` is not from 0 to 1.
    """

    blend: float = 0.55
    masks_only: bool = False
    outlines: bool = True
    labels: bool = True
    legend: bool = False

    def __post_init__(self) -> None:
        """Check the opacity."""
        if not 0 <= self.blend <= 1:
            raise ValueError(f'blend is {self.blend}; give a number from 0 to 1.')

    def without_legend(self) -> 'Style':
        """The same without a legend."""
        return replace(self, legend=False)


DEFAULT_STYLE = Style()


def draw_overlay(
    image: np.ndarray,
    panoptic: np.ndarray,
    segments: Sequence[Segment],
    palette: Sequence[Color],
    style: Style = DEFAULT_STYLE,
    colors: Mapping[int, Color] | None = None,
) -> np.ndarray:
    """Draw segments over an image.

    Args:
        image: (H, W, 3) uint8 RGB.
        panoptic: (H, W) segment numbers; those without a segment are void.
        segments: What to draw.
        palette: RGB of each class.
        style: How it looks.
        colors: RGB of each segment number; None chooses them.

    Returns:
        A new (h, W, 3) picture; h is H unless there is a legend.
    """
    if colors is None:
        classes = {segment.number: segment.class_index for segment in segments}
        colors = segment_colors(panoptic, classes, palette)
    things = {segment.number for segment in segments if segment.isthing}
    out = paint(image, panoptic, colors, things, style)
    if style.labels:
        write_labels(out, panoptic, segments)
    if not style.legend:
        return out
    names = {
        segment.class_name: palette[segment.class_index]
        for segment in sorted(segments, key=lambda segment: segment.class_index)
    }
    if sum(segment.area for segment in segments) < panoptic.size:
        names['void'] = VOID_COLOR
    legend = draw_legend(list(names.items()), out.shape[1], font_scale(*out.shape[:2]))
    return np.concatenate((out, legend))


def paint(
    image: np.ndarray,
    panoptic: np.ndarray,
    colors: Mapping[int, Color],
    things: Iterable[int],
    style: Style = DEFAULT_STYLE,
) -> np.ndarray:
    """Tint and outline each segment of an image, and dim void.

    Args:
        image: (H, W, 3) uint8 RGB.
        panoptic: (H, W) segment numbers; those without a color are void.
        colors: RGB of each segment number.
        things: The numbers of things. They get a white outline, stuff a dark one.
        style: How it looks.

    Returns:
        A new (H, W, 3) picture.
    """
    size = max([int(panoptic.max(initial=0)), *colors]) + 1
    tints = np.zeros((size, 3), np.uint8)
    kinds = np.full(size, _VOID, np.uint8)
    for number, color in colors.items():
        tints[number] = color
        kinds[number] = _STUFF
    kinds[[number for number in things if number in colors]] = _THING
    reach = max(1, round(min(panoptic.shape) / 400)) // 2
    out = np.empty(image.shape, np.uint8)
    for start in range(0, len(image), _ROWS):
        rows = slice(start, min(start + _ROWS, len(image)))
        # Lines that begin above or below reach into these rows.
        around = slice(max(0, start - reach - 1), rows.stop + reach + 1)
        inner = slice(start - around.start, rows.stop - around.start)
        kind = np.take(kinds, panoptic[around])
        _tint(out[rows], image[rows], panoptic[rows], tints, kind[inner], style)
        if style.outlines:
            edges = _edges(panoptic, around)
            # Things last, so that no other outline covers theirs.
            for drawn, color in ((_STUFF, _STUFF_LINE), (_THING, _THING_LINE)):
                lines = _widen(edges & (kind == drawn), reach)[inner]
                out[rows].reshape(-1, 3)[np.flatnonzero(lines)] = color
    return out


def _tint(
    out: np.ndarray,
    image: np.ndarray,
    panoptic: np.ndarray,
    tints: np.ndarray,
    kind: np.ndarray,
    style: Style,
) -> None:
    """Write a few rows of the picture, without outlines, to `out`."""
    void = np.flatnonzero(kind == _VOID)
    flat = out.reshape(-1, 3)
    if style.masks_only:
        np.take(tints, panoptic, axis=0, out=out, mode='clip')
        flat[void] = VOID_COLOR
        return
    # Tables of 1/128 steps: two lookups and a sum instead of products.
    below = ((1 - style.blend) * 128 * np.arange(256)).round().astype(np.uint16)
    above = (style.blend * 128 * tints.astype(np.float32)).round().astype(np.uint16)
    mixed = np.take(below, image)
    mixed += np.take(above, panoptic, axis=0)
    mixed += 64
    mixed >>= 7
    out[:] = mixed
    dimmed = (_VOID_BRIGHTNESS * np.arange(256)).round().astype(np.uint8)
    flat[void] = dimmed[image.reshape(-1, 3)[void]]


def _edges(panoptic: np.ndarray, rows: slice) -> np.ndarray:
    """Pixels of rows with a neighbor of another segment, or at the image's edge."""
    index = panoptic[rows]
    edges = np.zeros(index.shape, bool)
    edges[:, 0] = edges[:, -1] = True
    right = index[:, 1:] != index[:, :-1]
    edges[:, 1:] |= right
    edges[:, :-1] |= right
    below = index[1:] != index[:-1]
    edges[1:] |= below
    edges[:-1] |= below
    if rows.start == 0:
        edges[0] = True
    if rows.stop >= len(panoptic):
        edges[-1] = True
    return edges


def _widen(lines: np.ndarray, reach: int) -> np.ndarray:
    """Make lines of one pixel wider, by `reach` pixels on either side."""
    for _ in range(reach):
        wide = lines.copy()
        wide[1:] |= lines[:-1]
        wide[:-1] |= lines[1:]
        wide[:, 1:] |= lines[:, :-1]
        wide[:, :-1] |= lines[:, 1:]
        lines = wide
    return lines
