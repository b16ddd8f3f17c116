"""The mask of a COCO object: polygons or run lengths."""

from collections.abc import Mapping, Sequence

from .conversion_report import InvalidItemError
from .polygons import encode_polygons, read_polygons
from .rle import encode_rle, read_rle


def check_segmentation(
    segmentation: Sequence | Mapping | None, height: int, width: int
) -> None:
    """Check that a segmentation can be rasterised.

    Args:
        segmentation: COCO's polygons, RLE or uncompressed RLE.
        height: Of the image, in pixels.
        width: Of the image, in pixels.

    Raises:
        InvalidItemError: If it can't.
    """
    if not segmentation or (
        isinstance(segmentation, list) and all(part == [] for part in segmentation)
    ):
        raise InvalidItemError('without a mask (box only)', 'it has no segmentation')
    try:
        if isinstance(segmentation, Mapping):
            read_rle(segmentation, height, width)
        elif isinstance(segmentation, list):
            read_polygons(segmentation, height, width)
        else:
            raise ValueError('its segmentation is neither polygons nor an RLE')
    except ValueError as error:
        raise InvalidItemError(
            'with a segmentation that cannot be decoded', str(error)
        ) from None


def encode_segmentation(
    segmentation: Sequence | Mapping, height: int, width: int
) -> dict:
    """The pixels of an object as a compressed RLE.

    Arguments are those of `check_segmentation`, which has found nothing.
    """
    if isinstance(segmentation, Mapping):
        return encode_rle(read_rle(segmentation, height, width), height, width)
    return encode_polygons(read_polygons(segmentation, height, width), height, width)
