"""Reads image files with Pillow, and refuses what may be damaged."""

import importlib
import io
import logging
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePath

import numpy as np
from PIL import Image

from .pixel_forms import as_bgr, pillow_to_array
from .suffixes import VIDEO_SUFFIXES

# The largest cameras have as many. A file of a few kilobytes may declare more, and
# fill the memory when it is decoded.
MAX_PIXELS = 200_000_000

_LOGGER = logging.getLogger(__name__)
_PILLOW_LOCK = threading.Lock()
_URL_SECONDS = 60


class TooLargeError(ValueError):
    """An image declares more pixels than are allowed."""


@contextmanager
def opened_image(
    file: str | Path | io.BytesIO, max_pixels: int | None
) -> Iterator[Image.Image]:
    """Open an image with a limit of one's own instead of Pillow's global one.

    Args:
        file: Path or content.
        max_pixels: Width times height that it may declare; None for no limit.

    Raises:
        TooLargeError: If it declares more.
    """
    with _PILLOW_LOCK:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            image = _open(file)
        finally:
            Image.MAX_IMAGE_PIXELS = limit
    with image:
        width, height = image.size
        if max_pixels is not None and width * height > max_pixels:
            raise TooLargeError(
                f'it declares {width} x {height} pixels, but the limit is '
                f'{max_pixels}; remove the file, or raise `max_pixels` if you trust it'
            )
        yield image


def read_rgb(path: str | Path, max_pixels: int | None = MAX_PIXELS) -> np.ndarray:
    """Read an image file as a viewer shows it.

    Args:
        path: A path, or an address (http or https).
        max_pixels: Width times height that it may declare; None for no limit.

    Returns:
        (H, W, 3) uint8 RGB.

    Raises:
        ValueError: If it is missing, damaged, not an image or too large.
    """
    try:
        with opened_image(io.BytesIO(_read_bytes(str(path))), max_pixels) as image:
            if has_frames(image):
                tell_of_frames(str(path))
            # Pillow notices a truncated file here.
            return image_to_rgb(image)
    # The decoders raise whatever they meet in a damaged file.
    except Exception as error:
        raise unreadable(str(path), error) from error


def image_to_rgb(image: Image.Image) -> np.ndarray:
    """Convert an image of Pillow to (H, W, 3) uint8 RGB, turned as EXIF tells.

    Raises:
        ValueError: If it has numbers of 32 bits in a range that `as_bgr` refuses.
    """
    return np.ascontiguousarray(as_bgr(pillow_to_array(image))[..., ::-1])


def has_frames(image: Image.Image) -> bool:
    """Whether an image has more frames or pages than the first one."""
    # What phones add to a photograph is no frame: a preview, the other eye.
    return image.format != 'MPO' and getattr(image, 'is_animated', False)


@lru_cache(maxsize=1000)
def tell_of_frames(path: str) -> None:
    """Say once that only the first frame of a file is taken."""
    _LOGGER.warning('Only the first frame of %s is taken.', path)


def is_url(source: str) -> bool:
    """Whether a source is an address of the web."""
    return source.startswith(('http://', 'https://'))


def _open(file: str | Path | io.BytesIO) -> Image.Image:
    """Open an image, with pillow-heif where Pillow fails and that is installed."""
    try:
        return Image.open(file)
    except Image.UnidentifiedImageError:
        if not _knows_heif():
            raise
        if isinstance(file, io.BytesIO):
            file.seek(0)
        return Image.open(file)


@lru_cache
def _knows_heif() -> bool:
    try:
        heif = importlib.import_module('pillow_heif')
    except ImportError:
        return False
    heif.register_heif_opener()
    return True


def _read_bytes(path: str) -> bytes:
    if is_url(path):
        with urllib.request.urlopen(path, timeout=_URL_SECONDS) as answer:
            return answer.read()
    return Path(path).read_bytes()


def unreadable(path: str, error: Exception) -> ValueError:
    """The error that names an image, the reason and the remedy.

    Args:
        path: The image.
        error: What its decoder raised.
    """
    if isinstance(error, TooLargeError):
        return ValueError(f'Cannot read image {path}: {error}.')
    if isinstance(error, FileNotFoundError):
        return ValueError(
            f'Cannot read image {path}: it does not exist; correct the path.'
        )
    if is_url(path) and isinstance(error, OSError):
        is_answer = isinstance(error, urllib.error.HTTPError)
        reason = error if is_answer else getattr(error, 'reason', error)
        return ValueError(
            f'Cannot read image {path}: {reason}; check the address and the network.'
        )
    suffix = PurePath(path).suffix.lower()
    reason = re.sub(r'<_io\.BytesIO object at \w+>', 'it', str(error))
    if isinstance(error, Image.UnidentifiedImageError):
        reason = 'it is no image of a known format'
        if suffix in ('.heic', '.heif') and not _knows_heif():
            return ValueError(
                f'Cannot read image {path}: Pillow does not know the format of phones, '
                'HEIC; pip install pillow-heif, or convert it to JPEG.'
            )
        if suffix in VIDEO_SUFFIXES:
            return ValueError(
                f'Cannot read image {path}: it is a video; give it by name to '
                '`epsnet predict` or `iter_results`.'
            )
    return ValueError(
        f'Cannot read image {path}: {reason or type(error).__name__}; '
        'replace or remove the file.'
    )
