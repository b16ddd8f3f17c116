"""Finds JPEG files whose data end before their declared size."""

import io
import re

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

# What ends the data of a scan: a marker that is neither a stuffed byte nor a restart.
_END_OF_SCAN = re.compile(rb'\xff[^\x00\xd0-\xd7\xff]')
_START_OF_SCAN = 0xDA
# More data, with and without restart markers before it.
_MORE = 40 * b'\x55\x33\x6b'
_MORE += b''.join(bytes([0xFF, 0xD0 + number]) + _MORE for number in range(8))


def jpeg_ends_early(data: bytes, image: Image.Image) -> bool:
    """Tell whether a JPEG has data for a part of its declared size only.

    Decoders fill the rest with one color and don't complain. A picture may have such
    an edge by itself. The two cases are told apart by appending data, which change
    the pixels only where data are lacking.

    Args:
        data: The file.
        image: The same, decoded by Pillow and not turned.
    """
    lowest = np.asarray(image.crop((0, image.height - 8, image.width, image.height)))
    if not (lowest == lowest[:1, :1]).all():
        return False
    end = _end_of_first_scan(data)
    if end is None:
        return False
    return bool((_preview(data) != _preview(data[:end] + _MORE + data[end:])).any())


def _end_of_first_scan(data: bytes) -> int | None:
    """The position of the marker behind the data of the first scan."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        start = position + 2
        start += int.from_bytes(data[start : start + 2], 'big')
        if data[position + 1] == _START_OF_SCAN:
            end = _END_OF_SCAN.search(data, start)
            return end.start() if end else None
        position = start
    return None


def _preview(data: bytes) -> np.ndarray:
    """The mean of each block, which takes no inverse transform."""
    # Unlike OpenCV, Pillow doesn't print that there are more data than needed. Its
    # `open` would check the size once more.
    with JpegImageFile(io.BytesIO(data)) as image:
        image.draft('L', (max(1, image.width // 8), max(1, image.height // 8)))
        return np.asarray(image)
