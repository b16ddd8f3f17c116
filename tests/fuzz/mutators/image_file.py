"""Image files of all usual formats, damaged or odd."""

import io
import random

import numpy as np
from PIL import Image

from .raw_bytes import damage

_ORIENTATION = 274
# Format -> modes that it holds.
_FORMATS = {
    'JPEG': ['RGB', 'L', 'CMYK'],
    'PNG': ['RGB', 'RGBA', 'L', 'LA', 'P', '1', 'I;16'],
    'WEBP': ['RGB', 'RGBA'],
    'BMP': ['RGB', 'L', 'P'],
    'TIFF': ['RGB', 'RGBA', 'L', 'CMYK', 'I;16', 'F'],
    'GIF': ['P', 'L'],
    'PPM': ['RGB', 'L'],
}
_SIZES = [(1, 1), (2, 90), (90, 2), (16, 8), (33, 17), (64, 48)]


def odd_image(draw: random.Random) -> tuple[bytes, str]:
    """A sound file of a random format, mode, size and EXIF orientation."""
    name = draw.choice([*_FORMATS, 'JPEG', 'JPEG', 'PNG'])
    mode = draw.choice(_FORMATS[name])
    width, height = draw.choice(_SIZES)
    noise = np.random.default_rng(draw.randrange(2**32))
    pixels = noise.integers(0, 256, (height, width, 3), dtype=np.uint8)
    if draw.random() < 0.5:
        pixels[height // 2 :] = 128
    if mode == 'I;16':
        image = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    else:
        image = Image.fromarray(pixels).convert(mode)
    options = {}
    if name in ('JPEG', 'PNG', 'WEBP', 'TIFF') and draw.random() < 0.4:
        exif = Image.Exif()
        exif[_ORIENTATION] = draw.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 300])
        options['exif'] = exif
    if name == 'JPEG':
        options.update(quality=draw.choice([20, 90]), progressive=draw.random() < 0.3)
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue(), name


def cut_short(data: bytes, draw: random.Random) -> bytes:
    """The first part of a file."""
    return data[: draw.randrange(len(data))]


def damaged(data: bytes, draw: random.Random) -> bytes:
    """A file with wrong bytes, or text or nothing in its place."""
    if draw.random() < 0.03:
        return draw.choice([b'', b'\0', b'<html></html>', b'\xff\xd8\xff', data[:8]])
    return damage(data, draw)
