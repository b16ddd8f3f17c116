"""Rasterises the polygons of COCO instances in bounded memory."""

from collections.abc import Sequence

import numpy as np
from matplotlib.path import Path as Outline
from matplotlib.transforms import Bbox
from pycocotools import mask as coco_mask

from .rle import encode_rle

# pycocotools needs about 80 bytes for each pixel that an outline passes.
_MAX_OUTLINE = 4_000_000
_MIN_COORDINATES = 6


def read_polygons(polygons: Sequence, height: int, width: int) -> list[np.ndarray]:
    """Check the polygons of an object, and cut off what is far from the image.

    Args:
        polygons: For each polygon its coordinates x1, y1, x2, y2, ... in pixels.
        height: Of the image, in pixels.
        width: Of the image, in pixels.

    Returns:
        Coordinates of each polygon, (2 P,) for P points. Those outside of the image
        are missing. A polygon with points more than an image's size away is cut
        there. The rasteriser rounds the new points to a fifth of a pixel, as it does
        with all points, so the outline inside the image moves by less than that.

    Raises:
        ValueError: If a polygon has fewer than three points, a coordinate that is no
            finite number, or an outline that is too long to rasterise.
    """
    margin = max(height, width)
    outlines = []
    for polygon in polygons:
        points = _read_points(polygon)
        x, y = points.T
        is_near = (
            min(x.min(), y.min()) >= -margin
            and x.max() <= width + margin
            and y.max() <= height + margin
        )
        if not is_near:
            points = _cut(points, height, width, margin)
        if len(points) >= _MIN_COORDINATES // 2:
            outlines.append(points)
    length = sum(
        np.abs(np.diff(points, axis=0, append=points[:1])).max(axis=1).sum()
        for points in outlines
    )
    if length > _MAX_OUTLINE:
        raise ValueError(
            f'its outline is {length:.0f} pixels long, more than {_MAX_OUTLINE}'
        )
    return [points.ravel() for points in outlines]


def _read_points(polygon: Sequence) -> np.ndarray:
    """(P, 2) x and y of one polygon."""
    if not isinstance(polygon, list):
        raise ValueError('a polygon is no list of coordinates')
    if len(polygon) < _MIN_COORDINATES or len(polygon) % 2:
        raise ValueError(
            f'a polygon has {len(polygon)} coordinates instead of x and y of at '
            'least 3 points'
        )
    try:
        values = np.array(polygon)
    except (ValueError, OverflowError):  # lists of different lengths
        values = np.empty(0, dtype=object)
    if values.ndim != 1 or values.dtype.kind not in 'iuf':
        raise ValueError('a polygon has a coordinate that is no number')
    if not np.isfinite(values).all():
        raise ValueError('a polygon has a coordinate that is not finite')
    return values.astype(np.float64).reshape(-1, 2)


def _cut(points: np.ndarray, height: int, width: int, margin: int) -> np.ndarray:
    """Cut a polygon at a rectangle around the image.

    What lies outside of the rectangle is replaced by lines along its sides. They
    are outside of the image, so they change no pixel of it.
    """
    closed = np.concatenate([points, points[:1]])
    box = Bbox.from_extents(-margin, -margin, width + margin, height + margin)
    return Outline(closed).clip_to_bbox(box).vertices[:-1]


def encode_polygons(polygons: Sequence[np.ndarray], height: int, width: int) -> dict:
    """The pixels inside of any of the polygons, as a compressed RLE.

    Args:
        polygons: As `read_polygons` gives.
        height: Of the image, in pixels.
        width: Of the image, in pixels.
    """
    if not polygons:
        return encode_rle([height * width], height, width)
    parts = coco_mask.frPyObjects(
        [polygon.tolist() for polygon in polygons], height, width
    )
    return coco_mask.merge(parts)
