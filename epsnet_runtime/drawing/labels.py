"""Labels of segments, which never cover each other."""

from collections.abc import Sequence

import numpy as np

from ..segment import Segment
from .text import font_scale, put_text, text_size

Box = tuple[int, int, int, int]

# A label is at most so many times as large as its segment.
_MAX_COVER = 1.2
# Where a label goes is searched on a grid of at most about so many points a side.
_GRID = 96
# Places that are tried, in lines below the middle.
_SHIFTS = (0, 1, -1, 2, -2)


def label_of(segment: Segment, scale: float) -> str:
    """The class and the score, or the class alone; '' where neither has room."""
    texts = [segment.class_name]
    if segment.score is not None:
        texts.insert(0, f'{segment.class_name} {segment.score:.2f}')
    for text in texts:
        width, height = _box_size(text, scale)
        if width * height <= _MAX_COVER * segment.area:
            return text
    return ''


def write_labels(
    image: np.ndarray, panoptic: np.ndarray, segments: Sequence[Segment]
) -> None:
    """Write each segment's label inside it, the largest segments first.

    A label that would cover another one moves one or two lines down or up. If that
    does not help, or if it is too large for its segment, it is left out: the class is
    in the legend.

    Args:
        image: (H, W, 3) uint8 RGB; changed in place.
        panoptic: (H, W) segment numbers.
        segments: What to label.
    """
    scale = font_scale(*panoptic.shape)
    taken: list[Box] = []
    for segment in sorted(segments, key=lambda segment: -segment.area):
        text = label_of(segment, scale)
        if not text:
            continue
        left, top, right, bottom = (int(value) for value in segment.box)
        part = panoptic[top:bottom, left:right] == segment.number
        if not part.any():
            continue
        x, y = inner_point(part)
        step = _box_size(text, scale)[1] + 1
        for shift in _SHIFTS:
            center = (left + x, top + y + shift * step)
            box = _text_box(text, center, scale, panoptic.shape)
            if not any(_touch(box, other) for other in taken):
                taken.append(box)
                _write_in_box(image, text, box, scale)
                break


def inner_point(mask: np.ndarray) -> tuple[int, int]:
    """Point x, y of a non-empty (H, W) mask that is about farthest from its edge."""
    step = max(1, -(-max(mask.shape) // _GRID))
    grid = mask[::step, ::step]
    if not grid.any():
        y, x = np.unravel_index(mask.argmax(), mask.shape)
        return int(x), int(y)
    # Peel one layer after the other off. What is left last is the middle.
    inner = np.pad(grid, 1)
    while True:
        peeled = inner.copy()
        peeled[1:-1, 1:-1] &= (
            inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2] & inner[1:-1, 2:]
        )
        if not peeled.any():
            break
        inner = peeled
    ys, xs = np.nonzero(inner[1:-1, 1:-1])
    # Of a long ridge the point nearest to its middle.
    middle = np.argmin((xs - xs.mean()) ** 2 + (ys - ys.mean()) ** 2)
    return int(xs[middle]) * step, int(ys[middle]) * step


def _text_box(
    text: str, center: tuple[int, int], scale: float, shape: tuple[int, int]
) -> Box:
    """Box x1, y1, x2, y2 around a text, moved inside an image of `shape`."""
    width, height = _box_size(text, scale)
    x = int(np.clip(center[0] - width // 2, 0, max(shape[1] - width, 0)))
    y = int(np.clip(center[1] - height // 2, 0, max(shape[0] - height, 0)))
    return x, y, x + width, y + height


def _box_size(text: str, scale: float) -> tuple[int, int]:
    """Width and height of a label, with the space around its text."""
    width, height, _ = text_size(text, scale)
    return width + 2 * _margin(scale), height + _margin(scale)


def _margin(scale: float) -> int:
    return 2 + round(4 * scale)


def _touch(box: Box, other: Box) -> bool:
    return (
        box[0] < other[2]
        and other[0] < box[2]
        and box[1] < other[3]
        and other[1] < box[3]
    )


def _write_in_box(image: np.ndarray, text: str, box: Box, scale: float) -> None:
    """Darken the box and write the text into it, in white."""
    x1, y1, x2, y2 = box
    image[y1:y2, x1:x2] //= 4
    below = text_size(text, scale)[2]
    margin = _margin(scale)
    place = (x1 + margin, y2 - margin // 2 - below)
    put_text(image, text, place, scale, (255, 255, 255))
