"""Rasterises the shapes of labelme."""

import base64
import io
from collections.abc import Callable

from epsnet_runtime.image_file import MAX_PIXELS, opened_image

import numpy as np
from pycocotools import mask as coco_mask

from .conversion_report import InvalidItemError
from .labelme_files import LabelmeShape
from .polygons import encode_polygons, read_polygons

# Shapes without an inside.
_THIN = ('point', 'points', 'line', 'linestrip')
# A circle has so many corners at most.
_MAX_CORNERS = 720


def encode_shape(shape: LabelmeShape, height: int, width: int) -> dict:
    """The pixels inside of a shape, as a compressed RLE.

    Args:
        shape: The shape.
        height: Of the image, in pixels.
        width: Of the image, in pixels.

    Raises:
        InvalidItemError: If it has no inside, or can't be drawn.
    """
    if shape.kind in _THIN:
        raise InvalidItemError('that are points or lines', shape.name)
    try:
        if shape.kind == 'mask':
            return coco_mask.encode(_read_mask(shape, height, width))
        outline = _outline_maker(shape.kind)(_read_points(shape.points))
        polygons = read_polygons([outline.ravel().tolist()], height, width)
        return encode_polygons(polygons, height, width)
    except ValueError as error:
        raise InvalidItemError(
            'that cannot be drawn', f'{shape.name}: {error}'
        ) from None


def _read_points(points: object) -> np.ndarray:
    """(P, 2) x and y."""
    is_list = isinstance(points, list) and all(
        isinstance(point, list) and len(point) == 2 for point in points
    )
    values = np.array([value for point in points for value in point] if is_list else [])
    if not values.size or values.dtype.kind not in 'iuf':
        raise ValueError('its points are no list of [x, y]')
    if not np.isfinite(values).all():
        raise ValueError('one of its points is not finite')
    return values.astype(np.float64).reshape(-1, 2)


def _outline_maker(kind: object) -> Callable[[np.ndarray], np.ndarray]:
    makers = dict(
        polygon=lambda points: points,
        oriented_rectangle=lambda points: points,
        rectangle=_rectangle,
        circle=_circle,
    )
    if not isinstance(kind, str) or kind not in makers:
        raise ValueError(
            f'its `shape_type` {kind!r} is unknown; known ones are '
            f'{", ".join(makers)} and mask'
        )
    return makers[kind]


def _rectangle(points: np.ndarray) -> np.ndarray:
    """The four corners of a rectangle of two opposite ones."""
    if len(points) == 4:
        return points
    if len(points) != 2:
        raise ValueError(f'a rectangle has {len(points)} points instead of 2')
    (left, top), (right, bottom) = points
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def _circle(points: np.ndarray) -> np.ndarray:
    """A polygon for a circle of its middle and a point on it."""
    if len(points) != 2:
        raise ValueError(f'a circle has {len(points)} points instead of 2')
    center, edge = points
    radius = np.hypot(*(edge - center))
    count = int(np.clip(2 * np.pi * radius, 12, _MAX_CORNERS))
    turns = 2 * np.pi * np.arange(count) / count
    return center + radius * np.stack((np.cos(turns), np.sin(turns)), axis=1)


def _read_mask(shape: LabelmeShape, height: int, width: int) -> np.ndarray:
    """(H, W) uint8 in Fortran's order: a small mask put at its place."""
    left, top = np.round(_read_points(shape.points)[0]).astype(np.int64).tolist()
    try:
        data = base64.b64decode(shape.mask, validate=True)
        with opened_image(io.BytesIO(data), MAX_PIXELS) as image:
            part = np.asarray(image.convert('L')) > 0
    # The decoders raise whatever they meet in damaged data.
    except Exception as error:
        raise ValueError(f'its mask is no PNG in base64 ({error})') from None
    out = np.zeros((height, width), np.uint8, order='F')
    x1, y1 = max(left, 0), max(top, 0)
    part = part[y1 - top : max(height - top, 0), x1 - left : max(width - left, 0)]
    out[y1 : y1 + part.shape[0], x1 : x1 + part.shape[1]] = part
    return out
