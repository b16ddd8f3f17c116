"""The forms in which people have the pixels of an image, made into one."""

import numpy as np
from PIL import Image, ImageOps

EXPECTED_FORM = (
    'give (H, W), (H, W, 1), (H, W, 3) BGR or (H, W, 4) BGRA of integers from 0 to '
    '255, of uint16, or of floats from 0 to 1 or from 0 to 255'
)


def as_bgr(array: np.ndarray) -> np.ndarray:
    """Convert the pixels of an image to the form in which files are read.

    - One channel is repeated, and alpha is dropped.
    - uint16 keeps its upper byte, as in image files of 16 bits.
    - Floats up to 1 are multiplied by 255; if a value is larger, all are taken to be
      from 0 to 255.
    - Other integers must be from 0 to 255.

    Args:
        array: (H, W), (H, W, 1), (H, W, 3) BGR or (H, W, 4) BGRA.

    Returns:
        (H, W, 3) uint8 BGR; the argument itself if it is of that form.

    Raises:
        ValueError: If the array has another form, or no pixels.
    """
    check_form(array)
    if array.dtype == np.uint16:
        array = array >> 8
    elif array.dtype.kind == 'f':
        array = (array * (255 if array.max() <= 1 else 1)).round()
    array = array.astype(np.uint8, copy=False)
    if array.ndim == 2 or array.shape[2] == 1:
        return np.repeat(array.reshape(*array.shape[:2], 1), 3, axis=2)
    return array if array.shape[2] == 3 else array[..., :3]


def check_form(array: np.ndarray) -> None:
    """Check that `as_bgr` takes an array.

    Raises:
        ValueError: If not. The message names the expected form.
    """
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or channels not in (1, 3, 4) or not array.size:
        raise ValueError(
            f'An array of shape {array.shape} is no image: {EXPECTED_FORM}.'
        )
    if array.dtype.kind not in 'uif':
        raise ValueError(f'An array of {array.dtype} is no image: {EXPECTED_FORM}.')
    if array.dtype in (np.uint8, np.uint16):
        return
    low, high = array.min(), array.max()
    # Also where a value is NaN.
    if not (low >= 0 and high <= 255):
        raise ValueError(
            f'An array of {array.dtype} from {low} to {high} is no image: '
            f'{EXPECTED_FORM}.'
        )


def pillow_to_array(image: Image.Image) -> np.ndarray:
    """Convert an image of Pillow, turned as a viewer shows it.

    Returns:
        (H, W, 3) uint8 BGR; (H, W) for images of 16 bits or of floats.
    """
    # Older versions of Pillow give PNGs of 16 bits as numbers of 32 bits.
    is_16_bit = image.mode.startswith('I;16')
    is_16_bit |= image.mode == 'I' and image.format == 'PNG'
    image = ImageOps.exif_transpose(image)
    if is_16_bit:
        return np.asarray(image).astype(np.uint16)
    if image.mode in ('I', 'F'):
        return np.asarray(image)
    return np.asarray(image.convert('RGB'))[..., ::-1]
