"""Writes PNG files quickly, complete or not at all."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from .atomic_write import write_atomically

# zlib's strategy for runs of equal bytes, which maps of segments consist of.
_RUN_LENGTHS = 3


def encode_png(pixels: np.ndarray) -> bytes:
    """Encode an image, with the fastest compression.

    Args:
        pixels: (H, W) uint8, (H, W, 3) uint8 RGB or (H, W, 4) uint8 RGBA.
    """
    buffer = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels))
    image.save(buffer, 'PNG', compress_level=1, compress_type=_RUN_LENGTHS)
    return buffer.getvalue()


def write_png(pixels: np.ndarray, path: Path) -> None:
    """Write an image, and its folder where there is none.

    Args:
        pixels: As `encode_png` takes.
        path: The file.

    Raises:
        OSError: If the file can't be written.
    """
    write_atomically(encode_png(pixels), path)
