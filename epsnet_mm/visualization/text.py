"""Text on images, whose size follows from the size of the image."""

import cv2
import numpy as np

_FONT = cv2.FONT_HERSHEY_SIMPLEX


def font_scale(height: int, width: int) -> float:
    """Font size for a panel of this size, in OpenCV's unit (1 = 22 pixels)."""
    return float(np.clip(min(height, width) / 900, 0.42, 2.0))


def text_size(text: str, scale: float) -> tuple[int, int, int]:
    """Width, height and, as a part of it, height below the line, in pixels."""
    (width, height), below = cv2.getTextSize(text, _FONT, scale, _stroke(scale))
    return width, height + below, below


def put_text(
    image: np.ndarray,
    text: str,
    place: tuple[int, int],
    scale: float,
    color: tuple[int, int, int] = (0, 0, 0),
) -> None:
    """Write a text whose line starts at a place x, y; the image is changed."""
    cv2.putText(image, text, place, _FONT, scale, color, _stroke(scale), cv2.LINE_AA)


def _stroke(scale: float) -> int:
    return max(1, round(1.6 * scale))
