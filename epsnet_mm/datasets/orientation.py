"""EXIF orientation: how a viewer turns the stored pixels of an image."""

from collections.abc import Callable

import numpy as np

from .image_file import applied_orientation, image_size

# From stored to displayed pixels, for arrays (H, W).
_TURNS: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    1: lambda stored: stored,
    2: np.fliplr,
    3: lambda stored: np.rot90(stored, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: np.rot90(stored, 2).T,
    8: lambda stored: np.rot90(stored, 1),
}


def turn_to_displayed(stored: np.ndarray, orientation: int) -> np.ndarray:
    """Turn a map as a viewer turns the image.

    Args:
        stored: (H, W) map in the order of the stored pixels.
        orientation: EXIF orientation of the image, 1 to 8.

    Returns:
        (H, W), or (W, H) for an orientation from 5 on.
    """
    return np.ascontiguousarray(_TURNS[orientation](stored))


def orientation_problem(path: str, size: tuple[int, int]) -> str | None:
    """Tell whether a mask may be turned against its image.

    Images are read as a viewer displays them, masks as they are stored.

    Args:
        path: The image.
        size: (height, width) of its mask.

    Returns:
        A sentence if the image has an EXIF orientation, and the mask has the size of
        the stored pixels. For orientations that keep the size nobody can tell
        whether the mask is right.

    Raises:
        ValueError: If the image can't be read.
    """
    orientation = applied_orientation(path)
    displayed = image_size(path)
    stored = displayed[::-1] if orientation > 4 else displayed
    if orientation == 1 or tuple(size) != stored:
        return None
    if stored == displayed:
        return (
            f'{path} has the EXIF orientation {orientation}, and the size of its mask '
            'does not tell whether the mask is turned with the image'
        )
    return (
        f'the mask of {path} has the size of the stored pixels, '
        f'{size[1]} x {size[0]}, but the EXIF orientation {orientation} of the image '
        f'makes {displayed[1]} x {displayed[0]} of it'
    )
