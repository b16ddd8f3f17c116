"""Reading of image files that may be damaged."""

import io
from functools import lru_cache

from epsnet_runtime.image_file import (
    MAX_PIXELS,
    has_frames,
    opened_image,
    tell_of_frames,
    unreadable,
)

import cv2
import mmcv
import numpy as np
from mmengine import fileio
from PIL import Image

from .jpeg_data import jpeg_ends_early

# EXIF's key for the orientation of the camera. From 5 on, height and width are
# swapped.
_ORIENTATION = 274
_QUARTER_TURN = 5


def read_image(
    path: str,
    color_type: str = 'color',
    imdecode_backend: str = 'cv2',
    backend_args: dict | None = None,
    max_pixels: int | None = MAX_PIXELS,
) -> np.ndarray:
    """Decode an image file as `LoadImageFromFile` does, but never a part of it.

    Args:
        path: A path or an address.
        color_type: As `LoadImageFromFile` takes: 'color', 'grayscale', 'unchanged',
            or one of the first two with '_ignore_orientation' behind it.
        imdecode_backend: 'cv2', 'pillow', 'turbojpeg' or 'tifffile'.
        backend_args: MMEngine's file backend; None to tell it from the path.
        max_pixels: Width times height that a file may declare; None for no limit.

    Returns:
        (H, W, 3) uint8 BGR; (H, W) for 'grayscale'; what the file has for
        'unchanged' and 'tifffile'.

    Raises:
        ValueError: If the file is missing, damaged, not an image or too large.
    """
    try:
        data = fileio.get(path, backend_args=backend_args)
        # TIFF files with many bands are unknown to Pillow.
        if imdecode_backend != 'tifffile':
            _check_content(path, data, max_pixels, color_type != 'unchanged')
        pixels = mmcv.imfrombytes(data, flag=color_type, backend=imdecode_backend)
        # Formats that Pillow alone knows, such as HEIC with pillow-heif.
        if pixels is None:
            pixels = mmcv.imfrombytes(data, flag=color_type, backend='pillow')
    # The decoders raise whatever they meet in a damaged file.
    except Exception as error:
        raise unreadable(path, error) from error
    return pixels


def image_size(path: str) -> tuple[int, int]:
    """(height, width) as `read_image` would give, from the file's head alone.

    Raises:
        ValueError: If the file is missing or not an image.
    """
    head = _read_head(path)
    turned = head.orientation >= _QUARTER_TURN
    turned &= _turned_by_opencv(head.format) != _turned_by_pillow(head.format)
    return head.size if turned else head.size[::-1]


def applied_orientation(path: str) -> int:
    """The EXIF orientation, 1 to 8, by which `read_image` turns a file's pixels.

    It is 1, as stored, where the file has none, an invalid one, or a format in which
    OpenCV does not look for it, such as WebP.

    Raises:
        ValueError: If the file is missing or not an image.
    """
    head = _read_head(path)
    return head.orientation if _turned_by_opencv(head.format) else 1


class _Head:
    """What the head of an image file says.

    Attributes:
        format: Such as 'JPEG'.
        size: (width, height) as Pillow gives.
        orientation: Of EXIF, 1 to 8.
    """

    def __init__(self, image: Image.Image) -> None:
        self.format = image.format
        self.size = image.size
        if image.format == 'JPEG':
            value = _jpeg_orientation(_exif_of_jpeg(image))
        else:
            try:
                value = image.getexif().get(_ORIENTATION, 1)
            # Damaged EXIF data does not keep OpenCV from reading the pixels.
            except Exception:
                value = 1
        valid = isinstance(value, int) and 1 <= value <= 8
        self.orientation = value if valid else 1


def _read_head(path: str) -> _Head:
    try:
        with opened_image(path, None) as image:
            return _Head(image)
    except Exception as error:
        raise unreadable(path, error) from error


def _check_content(
    path: str, data: bytes, max_pixels: int | None, to_bytes: bool
) -> None:
    """Raise an error if a file is too large, damaged, or of numbers without a range."""
    with opened_image(io.BytesIO(data), max_pixels) as image:
        if has_frames(image):
            tell_of_frames(path)
        if to_bytes and image.format == 'TIFF' and image.mode in ('F', 'I'):
            raise ValueError(
                'its pixels are numbers of 32 bits, which have no common range and '
                'would be cut to 0 and 255; write it with 8 or 16 bits'
            )
        # Pillow notices a truncated file; OpenCV would return the part that exists.
        image.load()
        if image.format == 'JPEG' and jpeg_ends_early(data, image):
            raise ValueError(
                f'its data ends before the {image.width} x {image.height} pixels that '
                'it declares, and the rest would be one flat color'
            )


# What is turned differs among formats, and among versions of both libraries.
def _sample(image_format: str) -> bytes:
    """A picture of 16 x 8 pixels with an orientation that makes it 8 x 16."""
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    buffer = io.BytesIO()
    Image.new('RGB', (16, 8)).save(buffer, image_format, exif=exif)
    return buffer.getvalue()


def _exif_of_jpeg(image: Image.Image) -> bytes:
    """EXIF data, under a damaged name too: OpenCV takes the part where they belong."""
    parts = (data for marker, data in getattr(image, 'applist', ()) if marker == 'APP1')
    return image.info.get('exif') or next(parts, b'')


def _jpeg_orientation(exif: bytes) -> int:
    """The orientation in EXIF data as OpenCV reads it.

    OpenCV looks neither at the name in front of the data nor at the type of the value,
    and takes any byte order but b'II' for b'MM'. Pillow is stricter, and so gives
    another result where the data are damaged.
    """
    tiff = exif[6:]
    order = 'little' if tiff[:2] == b'II' else 'big'
    if int.from_bytes(tiff[2:4], order) != 42:
        return 1
    start = int.from_bytes(tiff[4:8], order)
    for number in range(int.from_bytes(tiff[start : start + 2], order)):
        entry = tiff[start + 2 + 12 * number :][:12]
        if len(entry) < 12:
            break
        if int.from_bytes(entry[:2], order) == _ORIENTATION:
            return int.from_bytes(entry[8:10], order)
    return 1


@lru_cache
def _turned_by_opencv(image_format: str) -> bool:
    try:
        sample = np.frombuffer(_sample(image_format), np.uint8)
        pixels = cv2.imdecode(sample, cv2.IMREAD_COLOR)
    # Pillow writes fewer formats than it reads.
    except Exception:
        return False
    return pixels is not None and pixels.shape[:2] == (16, 8)


@lru_cache
def _turned_by_pillow(image_format: str) -> bool:
    try:
        with Image.open(io.BytesIO(_sample(image_format))) as image:
            return image.size == (8, 16)
    except Exception:
        return False
