"""Segment ids from the PNGs of COCO panoptic datasets."""

from collections.abc import Sequence

from epsnet_runtime.coco.segment_ids import NUM_IDS

import cv2
import numpy as np
from mmengine.fileio import get


def read_segment_ids(path: str, backend_args: dict | None = None) -> np.ndarray:
    """Read a segmentation PNG, see `decode_segment_ids`.

    Args:
        path: The file.
        backend_args: MMEngine's file backend; None for local files.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it can't be decoded, or isn't 8-bit RGB.
    """
    try:
        content = get(path, backend_args=backend_args)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise FileNotFoundError(
            f'The segmentation PNG {path} does not exist: put it there, or correct '
            'the annotation file.'
        ) from None
    return decode_segment_ids(content, path)


def decode_segment_ids(content: bytes, path: str) -> np.ndarray:
    """Decode a segmentation PNG.

    Args:
        content: The file.
        path: Its name, for the messages.

    Returns:
        (H, W) int32 segment ids, R + 256 G + 65536 B; 0 is unlabelled.

    Raises:
        ValueError: If the content can't be decoded, or isn't 8-bit RGB.
    """
    encoded = np.frombuffer(content, dtype=np.uint8)
    image = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED) if content else None
    if image is None:
        raise ValueError(
            f'The segmentation PNG {path} cannot be decoded: it '
            'may be cut short; download it or write it again.'
        )
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(
            f'The segmentation PNG {path} has shape {image.shape} and type '
            f'{image.dtype} instead of 8-bit RGB: write the segment id into '
            'its channels as R + 256 G + 65536 B, without alpha or palette.'
        )
    # Four bytes per pixel can be read as one integer, without arithmetic.
    rgba = cv2.cvtColor(image, cv2.COLOR_BGR2RGBA)
    return rgba.view('<i4')[..., 0] & (NUM_IDS - 1)


def index_segments(
    ids: np.ndarray, segment_ids: Sequence[int], path: str
) -> np.ndarray:
    """Replace segment ids by positions in a list, all in one lookup.

    Args:
        ids: Segment ids of any shape, 0 is unlabelled.
        segment_ids: The S ids that the annotation lists.
        path: Name of the PNG, for the messages.

    Returns:
        Integers of the shape of `ids`: 0 where unlabelled, else 1 + the position
        in `segment_ids`.

    Raises:
        ValueError: If `ids` has one that isn't listed, or the list has an id
            twice or one that a pixel can't have.
    """
    listed = np.array([0, *segment_ids], dtype=np.int64)
    order = np.argsort(listed)
    listed = listed[order]
    if listed[0] < 0 or listed[-1] >= NUM_IDS or not np.diff(listed).all():
        raise ValueError(
            f'The segment ids {sorted(segment_ids)} of {path} in the '
            'annotation file must differ and lie in 1 to '
            f'{NUM_IDS - 1}: correct them.'
        )
    place = np.searchsorted(listed, ids)
    known = listed.take(place, mode='clip') == ids
    if not known.all():
        raise ValueError(
            f'The segmentation PNG {path} has pixels of the segment id '
            f'{ids[~known][0]}, which the annotation file lacks: add it to '
            '`segments_info` of that image, or set the pixels to 0.'
        )
    return order[place]


def check_same_size(ids: np.ndarray, shape: tuple[int, int], path: str) -> None:
    """Check that a PNG is as large as its image.

    Args:
        ids: (H, W) content of the PNG.
        shape: (height, width) of the image.
        path: Name of the PNG, for the message.

    Raises:
        ValueError: If the sizes differ.
    """
    if ids.shape != tuple(shape):
        raise ValueError(
            f'The segmentation PNG {path} is {ids.shape[1]} x {ids.shape[0]} '
            f'pixels, its image {shape[1]} x {shape[0]}: they must have the '
            'same size; make the PNG again from the image.'
        )
