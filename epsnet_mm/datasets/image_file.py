"""Reading of image files that may be damaged."""

import io

import mmcv
import numpy as np
from mmengine import fileio
from PIL import Image

# EXIF's key for the orientation of the camera. From 5 on, height and width are
# swapped.
_ORIENTATION = 274
_QUARTER_TURN = 5


def read_image(path: str) -> np.ndarray:
    """Decode an image file to (H, W, 3) uint8 BGR.

    Args:
        path: A path or an address.

    Raises:
        ValueError: If the file is missing, damaged or not an image.
    """
    try:
        data = fileio.get(path)
        # Pillow notices a truncated file; OpenCV would return the part that exists.
        with Image.open(io.BytesIO(data)) as image:
            image.load()
        pixels = mmcv.imfrombytes(data)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(
            f'Cannot read image {path}: {error}; replace or remove the file.'
        ) from error
    if pixels is None:
        raise ValueError(
            f'Cannot read image {path}: OpenCV knows no such '
            'format; convert it to PNG or JPEG.'
        )
    return pixels


def image_size(path: str) -> tuple[int, int]:
    """(height, width) as `read_image` would give, from the file's head alone.

    Raises:
        ValueError: If the file is missing or not an image.
    """
    try:
        with Image.open(path) as image:
            width, height = image.size
            turned = image.getexif().get(_ORIENTATION, 1) >= _QUARTER_TURN
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(
            f'Cannot read image {path}: {error}; replace or remove the file.'
        ) from error
    return (width, height) if turned else (height, width)
