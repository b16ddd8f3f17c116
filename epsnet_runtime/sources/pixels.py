"""Images that are in memory: arrays, images of Pillow, tensors."""

from collections.abc import Iterator
from os import PathLike

import numpy as np
from PIL import Image

from ..image_file import read_rgb
from ..pixel_forms import EXPECTED_FORM, as_bgr, check_form, pillow_to_array


class BgrReader:
    """Reads images into (H, W, 3) uint8 BGR.

    Args:
        max_pixels: Width times height that a file may declare; None for no limit.
    """

    def __init__(self, max_pixels: int | None) -> None:
        self.max_pixels = max_pixels

    def read(self, path: str) -> np.ndarray:
        """Read a file or an address, see `read_rgb`."""
        return read_rgb(path, self.max_pixels)[..., ::-1]

    def convert(self, array: np.ndarray) -> np.ndarray:
        """Convert pixels, see `as_bgr`."""
        return as_bgr(array)


class Pixels:
    """One image in memory.

    Args:
        image: As `to_array` takes.
    """

    is_stream = False

    def __init__(self, image: object) -> None:
        self.array = to_array(image)

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[tuple[np.ndarray, str]]:
        """Yield the array, without a name."""
        yield self.array, ''


class Stream:
    """Images of an iterator, which are taken one at a time.

    Args:
        images: Paths, or images as `to_array` takes.
    """

    is_stream = True

    def __init__(self, images: Iterator) -> None:
        self.images = images

    def __iter__(self) -> Iterator[tuple[str | np.ndarray, str]]:
        """Yield each image and its name."""
        for image in self.images:
            if isinstance(image, str | PathLike):
                path = str(image)
                yield path, path.replace('\\', '/').rsplit('/', 1)[-1]
            else:
                yield to_array(image), ''


def to_array(image: object) -> np.ndarray:
    """Make an array of whatever holds pixels.

    Args:
        image: An array as `as_bgr` takes; an image of Pillow; or a tensor of PyTorch,
            (C, H, W) or (H, W, C) RGB, with values as those of arrays.

    Returns:
        The array; a tensor becomes (H, W, C) BGR.

    Raises:
        ValueError: If it is no image.
    """
    if isinstance(image, np.ndarray):
        check_form(image)
        return image
    if isinstance(image, Image.Image):
        return pillow_to_array(image)
    if hasattr(image, 'detach') and hasattr(image, 'cpu'):
        return _tensor_to_array(image)
    raise ValueError(
        f'A {type(image).__name__} is no image: give a path, an image of Pillow, or '
        f'an array; for an array, {EXPECTED_FORM}.'
    )


def _tensor_to_array(tensor: object) -> np.ndarray:
    array = np.asarray(tensor.detach().cpu())
    if array.ndim == 3 and array.shape[0] in (1, 3, 4):
        array = np.moveaxis(array, 0, 2)
    check_form(array)
    if array.ndim == 3 and array.shape[2] >= 3:
        array = array[..., 2::-1]
    return np.ascontiguousarray(array)
