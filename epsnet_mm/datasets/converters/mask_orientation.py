"""Turns masks as the images that they belong to."""

import numpy as np

from ..image_file import applied_orientation, image_size
from ..orientation import orientation_problem, turn_to_displayed
from .conversion_report import InvalidItemError

#: Whether masks are turned as a viewer displays the images, or as they are stored.
MASK_ORIENTATIONS = ('displayed', 'stored')


def match_orientation(
    labels: np.ndarray, image_path: str, mask_orientation: str | None
) -> np.ndarray:
    """Turn a mask as its image will be read.

    Args:
        labels: (H, W) map of ids.
        image_path: Its image.
        mask_orientation: One of `MASK_ORIENTATIONS`; None if nobody has told.

    Returns:
        The map, turned if it is `stored` and the image has an EXIF orientation.

    Raises:
        InvalidItemError: If the image has an EXIF orientation, and the mask seems
            to be or may be as it is stored.
        ValueError: If the image can't be read.
    """
    if mask_orientation == 'stored':
        return turn_to_displayed(labels, applied_orientation(image_path))
    if mask_orientation == 'displayed' and labels.shape == image_size(image_path):
        return labels
    problem = orientation_problem(image_path, labels.shape)
    if problem is not None:
        raise InvalidItemError(
            'with an EXIF orientation',
            f'{problem}: pass --mask-orientation stored if masks are as the stored '
            'pixels, displayed if they are as a viewer displays the image.',
        )
    return labels
