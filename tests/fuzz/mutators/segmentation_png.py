"""Segmentation PNGs that are damaged, or of another form or content."""

import io
import random

import numpy as np
from PIL import Image

from .raw_bytes import damage


def mutate_png(ids: np.ndarray, draw: random.Random) -> tuple[bytes, bool]:
    """Another file than that of a map of segment ids.

    Args:
        ids: (H, W) segment ids.
        draw: Decides how the file differs.

    Returns:
        The file, and whether the ids in it are still those.
    """
    rgb = np.stack([ids & 255, ids >> 8 & 255, ids >> 16], axis=-1).astype(np.uint8)
    kind = draw.choice(['bytes', 'bytes', 'bytes', 'ids', 'form', 'size', 'format'])
    if kind == 'bytes':
        return damage(_encoded(Image.fromarray(rgb)), draw), True
    if kind == 'ids':
        row, column = (draw.randrange(side) for side in ids.shape)
        rgb[row, column] = [draw.randrange(256) for _ in range(3)]
        return _encoded(Image.fromarray(rgb)), False
    if kind == 'form':
        mode = draw.choice(['L', 'LA', 'P', 'RGBA', '1', 'I;16', 'RGB'])
        if mode == 'I;16':
            return _encoded(Image.fromarray(ids.astype(np.uint16))), False
        return _encoded(Image.fromarray(rgb).convert(mode)), mode == 'RGB'
    if kind == 'size':
        size = draw.choice([(1, 1), (6, 5), (7, 4), (4, 6), (60, 40), (0, 0)])
        if not all(size):
            return b'', False
        return _encoded(Image.fromarray(rgb).resize(size)), False
    name = draw.choice(['BMP', 'TIFF', 'GIF', 'WEBP', 'JPEG'])
    return _encoded(Image.fromarray(rgb), name), name in ('BMP', 'TIFF')


def _encoded(image: Image.Image, name: str = 'PNG') -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name)
    return buffer.getvalue()
