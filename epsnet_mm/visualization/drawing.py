"""Drawing of panoptic maps on plain arrays: colours, outlines, labels.

Images are (H, W, 3) uint8 RGB; ids are those of `panoptic_map`. The work does not
grow with the number of segments, except for their labels.
"""

from collections.abc import Sequence

from epsnet_runtime.coco.segment_runs import find_runs, measure_segments

import cv2
import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET

from .palettes import Color
from .text import font_scale, put_text, text_size

# Colour of void in the legend; in the picture, void is the dimmed image.
VOID_COLOR = (40, 40, 40)

_THING_LINE, _STUFF_LINE = (255, 255, 255), (40, 40, 40)
# Blend towards white (positive) or black, for the 1st, 2nd, ... instance.
_SHADES = (0.0, 0.35, -0.3, 0.6, -0.5, 0.18, -0.15)
_OVERLAY = 0.55
_VOID_BRIGHTNESS = 0.4
_MIN_LABEL_SHARE = 5e-4
# Where a label goes is searched on a grid of at most about so many points a side.
_LABEL_GRID = 256


def shade(color: Color, number: int) -> Color:
    """Colour of an instance of a class; number 0 keeps the class's colour."""
    amount = _SHADES[number % len(_SHADES)]
    goal = 255.0 if amount > 0 else 0.0
    return tuple(round(value + abs(amount) * (goal - value)) for value in color)


def segments_of(ids: np.ndarray) -> list[int]:
    """The ids that occur in an (H, W) map, in ascending order."""
    starts, _ = find_runs(ids)
    return np.unique(ids.ravel()[starts]).tolist()


def segment_colors(
    ids: np.ndarray, palette: Sequence[Color], num_classes: int
) -> dict[int, Color]:
    """Choose a colour for each segment of an id map but void.

    Args:
        ids: (H, W).
        palette: RGB of each class.
        num_classes: Id of void.

    Returns:
        RGB of each id; instances of one class differ in lightness.
    """
    seen: dict[int, int] = {}
    colors = {}
    for segment in segments_of(ids):
        label = segment % INSTANCE_OFFSET
        if label >= num_classes:
            continue
        colors[segment] = shade(palette[label], seen.get(label, 0))
        seen[label] = seen.get(label, 0) + 1
    return colors


def paint(image: np.ndarray, ids: np.ndarray, colors: dict[int, Color]) -> np.ndarray:
    """Tint and outline each segment of an image, and dim void.

    Args:
        image: (H, W, 3).
        ids: (H, W); those without a colour are void.
        colors: RGB of each id.

    Returns:
        A new (H, W, 3) image. Things get a white outline, stuff a dark one.
    """
    image = np.ascontiguousarray(image)
    # Position of each segment in `colors`, from 1; void is 0.
    table = np.zeros(max(int(ids.max()), *colors, 0) + 1, np.int32)
    table[list(colors)] = np.arange(1, len(colors) + 1)
    index = table[ids]
    tints = np.array([(0, 0, 0), *colors.values()], np.uint8)[index]
    out = cv2.addWeighted(image, 1 - _OVERLAY, tints, _OVERLAY, 0)
    dimmed = (_VOID_BRIGHTNESS * np.arange(256)).round().astype(np.uint8)
    void = index == 0
    out[void] = dimmed[image[void]]
    is_thing = np.array([False, *(id >= INSTANCE_OFFSET for id in colors)])[index]
    edges = _edges(index)
    # Things last, so that no other outline covers theirs.
    _draw_lines(out, edges & ~is_thing & ~void, _STUFF_LINE)
    _draw_lines(out, edges & is_thing, _THING_LINE)
    return out


def _edges(index: np.ndarray) -> np.ndarray:
    """Pixels with a neighbour of another segment, or at the edge of the image."""
    edges = np.ones(index.shape, bool)
    edges[1:-1, 1:-1] = False
    below = index[1:] != index[:-1]
    edges[1:] |= below
    edges[:-1] |= below
    right = index[:, 1:] != index[:, :-1]
    edges[:, 1:] |= right
    edges[:, :-1] |= right
    return edges


def _draw_lines(image: np.ndarray, lines: np.ndarray, color: Color) -> None:
    thickness = max(1, round(min(lines.shape) / 400))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thickness, thickness))
    image[cv2.dilate(lines.astype(np.uint8), kernel) > 0] = color


def write_labels(image: np.ndarray, ids: np.ndarray, texts: dict[int, str]) -> None:
    """Write each segment's text inside it, the largest segments first.

    A text that would cover another one moves one line down or up. If that does not
    help, or if its segment is tiny, the text is left out: the class is in the
    legend.

    Args:
        image: (H, W, 3); changed in place.
        ids: (H, W).
        texts: Text of each id.
    """
    # `measure_segments` leaves out 0, which is a class here.
    measures = measure_segments(ids + 1)
    areas = {segment: measures.get(segment + 1, (0, []))[0] for segment in texts}
    scale = font_scale(*ids.shape)
    taken: list[tuple[int, int, int, int]] = []
    for segment in sorted(texts, key=areas.get, reverse=True):
        if areas[segment] < max(1, _MIN_LABEL_SHARE * ids.size):
            break
        left, top, width, height = measures[segment + 1][1]
        box = ids[top : top + height, left : left + width]
        x, y = inner_point(box == segment)
        step = text_size(texts[segment], scale)[1] + 5
        for shift in (0, step, -step):
            center = (left + x, top + y + shift)
            box = _text_box(texts[segment], center, scale, ids.shape)
            if not any(_boxes_touch(box, other) for other in taken):
                taken.append(box)
                _write_in_box(image, texts[segment], box, scale)
                break


def inner_point(mask: np.ndarray) -> tuple[int, int]:
    """Point x, y of a non-empty (H, W) mask that is about farthest from its edge."""
    step = max(1, max(mask.shape) // _LABEL_GRID)
    grid = mask[::step, ::step]
    if not grid.any():
        step, grid = 1, mask
    padded = np.pad(grid.astype(np.uint8), 1)
    distances = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = np.unravel_index(distances.argmax(), grid.shape)
    return int(x) * step, int(y) * step


def _text_box(
    text: str, center: tuple[int, int], scale: float, shape: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Box x1, y1, x2, y2 around a text, moved inside an image of `shape`."""
    width, height, _ = text_size(text, scale)
    width, height = width + 6, height + 4
    x = int(np.clip(center[0] - width // 2, 0, max(shape[1] - width, 0)))
    y = int(np.clip(center[1] - height // 2, 0, max(shape[0] - height, 0)))
    return x, y, x + width, y + height


def _boxes_touch(
    box: tuple[int, int, int, int], other: tuple[int, int, int, int]
) -> bool:
    return (
        box[0] < other[2]
        and other[0] < box[2]
        and box[1] < other[3]
        and other[1] < box[3]
    )


def _write_in_box(
    image: np.ndarray, text: str, box: tuple[int, int, int, int], scale: float
) -> None:
    """Darken the box and write the text into it, in white."""
    x1, y1, x2, y2 = box
    image[y1:y2, x1:x2] = (0.25 * image[y1:y2, x1:x2]).astype(np.uint8)
    below = text_size(text, scale)[2]
    put_text(image, text, (x1 + 3, y2 - 2 - below), scale, (255, 255, 255))
