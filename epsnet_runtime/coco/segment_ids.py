"""Segment ids as the pixels of the PNGs of COCO panoptic datasets."""

from pathlib import Path

import numpy as np

from ..png_file import write_png

# One more than the largest id that fits the three bytes of a pixel.
NUM_IDS = 256**3


def encode_segment_ids(ids: np.ndarray) -> np.ndarray:
    """Segment ids as colors, the inverse of R + 256 G + 65536 B.

    Args:
        ids: (H, W) segment ids, 0 is unlabelled.

    Returns:
        (H, W, 3) uint8 RGB.

    Raises:
        ValueError: If an id does not fit three bytes.
    """
    if ids.size and (ids.min() < 0 or ids.max() >= NUM_IDS):
        raise ValueError(
            f'The segment ids span {ids.min()} to {ids.max()}, but a PNG holds 0 to '
            f'{NUM_IDS - 1}: number the segments from 1.'
        )
    return np.stack([ids >> shift & 255 for shift in (0, 8, 16)], axis=2).astype(
        np.uint8
    )


def write_segment_ids(ids: np.ndarray, path: Path) -> None:
    """Write a segmentation PNG, and its folder where there is none.

    Args:
        ids: As `encode_segment_ids` takes.
        path: The file.

    Raises:
        ValueError: If an id does not fit three bytes.
        OSError: If the file can't be written.
    """
    write_png(encode_segment_ids(ids), path)
