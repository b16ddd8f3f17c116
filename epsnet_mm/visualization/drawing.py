"""Drawing of panoptic maps on plain arrays: colours, labels, panels, legend.

Images are (H, W, 3) uint8 RGB; ids are those of `panoptic_map`.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET

Color = tuple[int, int, int]

# Colour of void in the legend; in the picture, void is the dimmed image.
VOID_COLOR = (40, 40, 40)

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
# Blend towards white (positive) or black, for the 1st, 2nd, ... instance.
_SHADES = (0.0, 0.35, -0.3, 0.6, -0.5, 0.18, -0.15)
_OVERLAY = 0.55
_VOID_BRIGHTNESS = 0.4
_MIN_LABEL_SHARE = 5e-4
_MARGIN = 6


def enlargement(height: int, width: int, min_side: int = 384) -> int:
    """Integer factor that makes an image large enough for readable text."""
    return max(1, -(-min_side // min(height, width)))


def font_scale(height: int, width: int) -> float:
    """Font size for a panel of this size, in OpenCV's unit (1 = 22 pixels)."""
    return float(np.clip(min(height, width) / 900, 0.42, 2.0))


def shade(color: Color, number: int) -> Color:
    """Colour of an instance of a class; number 0 keeps the class's colour."""
    amount = _SHADES[number % len(_SHADES)]
    goal = 255.0 if amount > 0 else 0.0
    return tuple(round(value + abs(amount) * (goal - value)) for value in color)


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
    for segment in np.unique(ids):
        label = int(segment) % INSTANCE_OFFSET
        if label >= num_classes:
            continue
        colors[int(segment)] = shade(palette[label], seen.get(label, 0))
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
    out = image.astype(np.float32)
    void = ~np.isin(ids, list(colors))
    out[void] *= _VOID_BRIGHTNESS
    for segment, color in colors.items():
        mask = ids == segment
        out[mask] += _OVERLAY * (np.float32(color) - out[mask])
    out = out.round().astype(np.uint8)
    thickness = max(1, round(min(ids.shape) / 400))
    # Things last, so that no other outline covers theirs.
    for segment in sorted(colors, key=lambda id: id >= INSTANCE_OFFSET):
        contours, _ = cv2.findContours(
            (ids == segment).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE
        )
        line = _WHITE if segment >= INSTANCE_OFFSET else (40, 40, 40)
        cv2.drawContours(out, contours, -1, line, thickness, cv2.LINE_AA)
    return out


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
    areas = {segment: int((ids == segment).sum()) for segment in texts}
    scale = font_scale(*ids.shape)
    taken: list[tuple[int, int, int, int]] = []
    for segment in sorted(texts, key=areas.get, reverse=True):
        if areas[segment] < _MIN_LABEL_SHARE * ids.size:
            continue
        x, y = inner_point(ids == segment)
        step = _text_size(texts[segment], scale)[1] + 5
        for shifted in (y, y + step, y - step):
            box = _text_box(texts[segment], (x, shifted), scale, ids.shape)
            if not any(_boxes_touch(box, other) for other in taken):
                taken.append(box)
                _write_in_box(image, texts[segment], box, scale)
                break


def inner_point(mask: np.ndarray) -> tuple[int, int]:
    """Point x, y of a non-empty (H, W) mask that is farthest from its edge."""
    padded = np.pad(mask.astype(np.uint8), 1)
    distances = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = np.unravel_index(distances.argmax(), mask.shape)
    return int(x), int(y)


def join_panels(panels: Sequence[tuple[str, np.ndarray]]) -> np.ndarray:
    """Put images of one size side by side, each under its title."""
    scale = 1.3 * font_scale(*panels[0][1].shape[:2])
    bar_height = int(40 * scale)
    columns = []
    for title, image in panels:
        bar = np.full((bar_height, image.shape[1], 3), 255, np.uint8)
        cv2.putText(
            bar,
            title,
            (2, int(28 * scale)),
            _FONT,
            scale,
            _BLACK,
            _stroke(scale),
            cv2.LINE_AA,
        )
        columns += [
            np.concatenate((bar, image)),
            np.full((bar_height + len(image), _MARGIN, 3), 255, np.uint8),
        ]
    return np.concatenate(columns[:-1], axis=1)


def legend(
    entries: Sequence[tuple[str, Color]], width: int, scale: float
) -> np.ndarray:
    """Draw rows of colour swatches with their names.

    Args:
        entries: Name and RGB of each class; may be empty.
        width: Width in pixels; a longer name is cut.
        scale: Font size, as `font_scale` gives.

    Returns:
        (h, width, 3).
    """
    row_height = int(36 * scale)
    swatch = int(22 * scale)
    places, x, row = [], 0, 0
    for name, _ in entries:
        step = swatch + _text_size(name, scale)[0] + int(40 * scale)
        if x > 0 and x + step > width:
            x, row = 0, row + 1
        places.append((x, row * row_height + (row_height - swatch) // 2))
        x += step
    out = np.full(((row + 1) * row_height, width, 3), 255, np.uint8)
    for (name, color), (x, y) in zip(entries, places, strict=True):
        cv2.rectangle(out, (x, y), (x + swatch, y + swatch), color, -1)
        cv2.rectangle(out, (x, y), (x + swatch, y + swatch), _BLACK, 1)
        cv2.putText(
            out,
            name,
            (x + swatch + int(8 * scale), y + swatch - 2),
            _FONT,
            scale,
            _BLACK,
            _stroke(scale),
            cv2.LINE_AA,
        )
    return out


def _stroke(scale: float) -> int:
    return max(1, round(1.6 * scale))


def _text_size(text: str, scale: float) -> tuple[int, int]:
    (width, height), below = cv2.getTextSize(text, _FONT, scale, _stroke(scale))
    return width, height + below


def _text_box(
    text: str, center: tuple[int, int], scale: float, shape: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Box x1, y1, x2, y2 around a text, moved inside an image of `shape`."""
    width, height = _text_size(text, scale)
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
    _, below = cv2.getTextSize(text, _FONT, scale, _stroke(scale))
    cv2.putText(
        image,
        text,
        (x1 + 3, y2 - 2 - below),
        _FONT,
        scale,
        _WHITE,
        _stroke(scale),
        cv2.LINE_AA,
    )
