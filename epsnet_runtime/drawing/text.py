"""Text on images, whose size follows from the size of the image."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

# Pixels of a font of scale 1.
_FONT_SIZE = 28


def font_scale(height: int, width: int) -> float:
    """Font size for a picture of this size; 1 is 28 pixels."""
    return float(np.clip(min(height, width) / 900, 0.42, 2.0))


def text_size(text: str, scale: float) -> tuple[int, int, int]:
    """Width, height and, as a part of it, height below the line, in pixels."""
    font = _font(scale)
    ascent, descent = font.getmetrics()
    return round(font.getlength(text)), ascent + descent, descent


def put_text(
    image: np.ndarray,
    text: str,
    place: tuple[int, int],
    scale: float,
    color: tuple[int, int, int] = (0, 0, 0),
) -> None:
    """Write a text whose line starts at a place x, y; the image is changed.

    What lies outside the image is cut.
    """
    width, height, below = text_size(text, scale)
    left, top = place[0], place[1] + below - height
    # Letters may reach beyond their advance.
    width += 2
    x1, y1 = max(left, 0), max(top, 0)
    x2, y2 = min(left + width, image.shape[1]), min(top + height, image.shape[0])
    if x1 >= x2 or y1 >= y2:
        return
    cover = Image.new('L', (x2 - x1, y2 - y1))
    ImageDraw.Draw(cover).text((left - x1, top - y1), text, 255, _font(scale))
    cover = np.asarray(cover, np.uint16)[..., None]
    part = image[y1:y2, x1:x2]
    part[:] = (part * (255 - cover) + np.array(color, np.uint16) * cover + 127) // 255


@lru_cache
def _font(scale: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(max(9, round(_FONT_SIZE * scale)))
