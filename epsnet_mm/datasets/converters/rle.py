"""Run lengths of COCO masks, checked before anything is decoded."""

from collections.abc import Mapping

from pycocotools import mask as coco_mask

# A character holds 5 bits of a count, whether more follow, and starts at '0'.
_FIRST_CODE = ord('0')
_BITS = 5
_MORE = 1 << _BITS
_SIGN = 1 << (_BITS - 1)
# 13 characters are 65 bits: no count of pixels is longer.
_MAX_SHIFT = 13 * _BITS


def read_rle(segmentation: Mapping, height: int, width: int) -> list[int]:
    """Check an RLE, and give its counts.

    Args:
        segmentation: `size` [height, width] and `counts`, a list of numbers or the
            text that pycocotools makes of it.
        height: Of the image, in pixels.
        width: Of the image, in pixels.

    Returns:
        Lengths of the runs down the columns, background first. Their sum is the
        number of pixels.

    Raises:
        ValueError: If the size differs from that of the image, a count is negative
            or no integer, or the counts don't add up to the size.
    """
    size = segmentation.get('size')
    if not isinstance(size, list | tuple) or list(size) != [height, width]:
        raise ValueError(
            f'its RLE has the size {size} instead of [{height}, {width}], that of '
            'the image'
        )
    counts = segmentation.get('counts')
    if isinstance(counts, str | bytes):
        counts = decode_counts(counts)
    if not isinstance(counts, list):
        raise ValueError('its RLE has `counts` that are neither a list nor a text')
    if not all(type(count) is int and count >= 0 for count in counts):
        raise ValueError('its RLE has a count that is no integer from 0 on')
    if sum(counts) != height * width:
        raise ValueError(
            f'its RLE has counts that add up to {sum(counts)} instead of '
            f'{height} x {width} = {height * width}'
        )
    return counts


def decode_counts(text: str | bytes) -> list[int]:
    """Decode the counts of a compressed RLE.

    Each count is a number of 5-bit groups, lowest first, the last of which carries
    the sign. From the fourth count on, it is the difference to the count before the
    last one.

    Raises:
        ValueError: If the text isn't such a code.
    """
    counts: list[int] = []
    value = shift = 0
    for code in text.encode() if isinstance(text, str) else text:
        group = code - _FIRST_CODE
        if not 0 <= group < 2 * _MORE or shift >= _MAX_SHIFT:
            raise ValueError('its RLE has `counts` that are no code of pycocotools')
        value |= (group % _MORE) << shift
        shift += _BITS
        if group & _MORE:
            continue
        if group & _SIGN:
            value -= 1 << shift
        if len(counts) > 2:
            value += counts[-2]
        counts.append(value)
        value = shift = 0
    if shift:
        raise ValueError('its RLE has `counts` that are cut short')
    return counts


def encode_rle(counts: list[int], height: int, width: int) -> dict:
    """A compressed RLE of counts, as `read_rle` gives them."""
    return coco_mask.frPyObjects(
        dict(size=[height, width], counts=counts), height, width
    )
