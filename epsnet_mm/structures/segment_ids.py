"""Reads, measures and writes the segmentation PNGs of COCO panoptic data sets."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

# One more than the largest id that fits the three bytes of a pixel.
NUM_IDS = 256**3


def decode_segment_ids(content: bytes, path: str) -> np.ndarray:
    """Decode a segmentation PNG.

    Args:
        content (bytes): The file.
        path (str): Its name, for the messages.

    Returns:
        np.ndarray: (H, W) int32 segment ids, R + 256 G + 65536 B; 0 is
        unlabelled.

    Raises:
        ValueError: The content can't be decoded, or isn't 8-bit RGB.
    """
    encoded = np.frombuffer(content, dtype=np.uint8)
    image = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED) if content else None
    if image is None:
        raise ValueError(
            f'The segmentation PNG {path} cannot be decoded: it '
            'may be cut short; fetch or make it again.'
        )
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(
            f'The segmentation PNG {path} has shape {image.shape} and type '
            f'{image.dtype} instead of 8-bit RGB: write the segment id into '
            'its channels as R + 256 G + 65536 B, without alpha or palette.'
        )
    # Four bytes a pixel can be read as one integer, with no arithmetic.
    rgba = cv2.cvtColor(image, cv2.COLOR_BGR2RGBA)
    return rgba.view('<i4')[..., 0] & (NUM_IDS - 1)


def write_segment_ids(ids: np.ndarray, path: Path) -> None:
    """Write a segmentation PNG, and its folder where there is none.

    Args:
        ids (np.ndarray): (H, W) segment ids below 2^24, 0 is unlabelled.
        path (Path): The file.

    Raises:
        OSError: The file can't be written.
    """
    bgr = [ids >> shift & 255 for shift in (16, 8, 0)]
    write_image(np.stack(bgr, axis=2).astype(np.uint8), path)


def write_image(image: np.ndarray, path: Path) -> None:
    """Write (H, W, 3) uint8 BGR, and the folder where there is none.

    Raises:
        OSError: The file can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # OpenCV tells of a full disk or a forbidden folder by a return value.
    if not cv2.imwrite(str(path), image):
        raise OSError(
            f'Could not write {path}: check the free space of the '
            'disk and the rights on the folder.'
        )


def find_runs(*maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the stretches of pixels, row by row, on which maps are constant.

    Panoptic maps change at borders only. Work on the runs instead of on the
    pixels is work on a few thousand values instead of on a few hundred
    thousand.

    Args:
        *maps (np.ndarray): One or more (H, W) maps.

    Returns:
        tuple: (R,) position of each run's first pixel in the flattened map,
        and (R,) length of each run.
    """
    changes = np.ones(maps[0].size, dtype=bool)
    changes[1:] = False
    for values in maps:
        values = values.ravel()
        changes[1:] |= values[1:] != values[:-1]
    starts = np.flatnonzero(changes)
    return starts, np.diff(starts, append=changes.size)


def measure_segments(ids: np.ndarray) -> dict[int, tuple[int, list[int]]]:
    """Area and box of every segment.

    Args:
        ids (np.ndarray): (H, W) segment ids, 0 is unlabelled.

    Returns:
        dict: For each id but 0 its area in pixels and its box [x, y, width,
        height], as COCO's annotation files have them.
    """
    height, width = ids.shape
    rows = np.broadcast_to(np.arange(height)[:, None], ids.shape)
    # Runs end where a row ends, so each has one y.
    starts, lengths = find_runs(ids, rows)
    values = ids.ravel()[starts]
    order = np.argsort(values, kind='stable')
    starts, lengths, values = starts[order], lengths[order], values[order]
    found, first = np.unique(values, return_index=True)
    left, y = starts % width, starts // width
    areas = np.add.reduceat(lengths, first)
    x1, y1 = (np.minimum.reduceat(values, first) for values in (left, y))
    x2, y2 = (np.maximum.reduceat(values, first) for values in (left + lengths, y + 1))
    boxes = np.stack([x1, y1, x2 - x1, y2 - y1], axis=1)
    return {
        segment: (area, box)
        for segment, area, box in zip(
            found.tolist(), areas.tolist(), boxes.tolist(), strict=True
        )
        if segment != 0
    }


def index_segments(
    ids: np.ndarray, segment_ids: Sequence[int], path: str
) -> np.ndarray:
    """Replace segment ids by positions in a list, all in one lookup.

    Args:
        ids (np.ndarray): Segment ids of any shape, 0 is unlabelled.
        segment_ids (Sequence[int]): The S ids that the annotation lists.
        path (str): Name of the PNG, for the messages.

    Returns:
        np.ndarray: Integers of the shape of ``ids``: 0 where unlabelled, else
        1 + the position in ``segment_ids``.

    Raises:
        ValueError: ``ids`` has one that isn't listed, or the list has an id
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
        ids (np.ndarray): (H, W) content of the PNG.
        shape (Tuple[int, int]): (height, width) of the image.
        path (str): Name of the PNG, for the message.

    Raises:
        ValueError: The sizes differ.
    """
    if ids.shape != tuple(shape):
        raise ValueError(
            f'The segmentation PNG {path} is {ids.shape[1]} x {ids.shape[0]} '
            f'pixels, its image {shape[1]} x {shape[0]}: they must have the '
            'same size; make the PNG again from the image.'
        )
