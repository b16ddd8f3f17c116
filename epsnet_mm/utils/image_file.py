"""Reading of image files that may be damaged."""
import io

import mmcv
import numpy as np
from mmengine import fileio
from PIL import Image


def read_image(path: str) -> np.ndarray:
    """Decode an image file to (H, W, 3) uint8 BGR.

    Args:
        path: A path or an address.

    Raises:
        ValueError: If the file is missing, damaged or no image.
    """
    try:
        data = fileio.get(path)
        # Pillow notices a truncated file, of which OpenCV would return the
        # part that is there.
        with Image.open(io.BytesIO(data)) as image:
            image.load()
        pixels = mmcv.imfrombytes(data)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f'Cannot read image {path}: {error}; replace or '
                         'remove the file.') from error
    if pixels is None:
        raise ValueError(f'Cannot read image {path}: OpenCV knows no such '
                         'format; convert it to PNG or JPEG.')
    return pixels
