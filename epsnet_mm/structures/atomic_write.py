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
        OSError: If the file can't be written.
    """
    _, encoded = cv2.imencode(path.suffix, image)
    write_atomically(encoded.tobytes(), path)
