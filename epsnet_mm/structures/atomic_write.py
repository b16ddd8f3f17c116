"""Writes files that appear complete or not at all."""

import os
from pathlib import Path

import cv2
import numpy as np


def write_atomically(content: bytes, path: Path) -> None:
    """Write a file, and its folder where there is none.

    The content goes to a temporary file beside it, which then takes the name: an
    interrupted run leaves the old file or none.

    Args:
        content: The whole file.
        path: The file; replaced if it exists.

    Raises:
        OSError: If the file can't be written.
    """
    # Several processes may write the same file.
    partial = path.with_name(f'.{path.name}.{os.getpid()}.partial')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(content)
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(
            f'Could not write {path} ({error}): check the free space of the disk '
            'and the rights on the folder.'
        ) from error


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
