"""Writes images that appear complete or not at all."""

from pathlib import Path

from epsnet_runtime.atomic_write import write_atomically

import cv2
import numpy as np


def write_image(image: np.ndarray, path: Path) -> None:
    """Write an image in the format that the file's name ends with.

    Args:
        image: (H, W, 3) uint8 BGR.
        path: The file; its folder is made where there is none.

    Raises:
        ValueError: If the name ends with no format of a picture.
        OSError: If the file can't be written.
    """
    try:
        _, encoded = cv2.imencode(path.suffix, image)
    except cv2.error:
        raise ValueError(
            f'{path} ends with no format that OpenCV writes: end it with .png or .jpg.'
        ) from None
    write_atomically(encoded.tobytes(), path)
