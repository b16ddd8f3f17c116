"""Sound JPEGs with flat edges, and JPEGs with too little data."""

import io

from epsnet_mm.datasets.jpeg_data import jpeg_ends_early

import numpy as np
import pytest
from PIL import Image

ENCODINGS = [
    dict(),
    dict(subsampling=0, quality=95),
    dict(optimize=True),
    dict(progressive=True),
    dict(restart_marker_rows=1),
]


def picture(height, width, flat_from):
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    pixels[flat_from:] = 90
    return Image.fromarray(pixels)


def encode(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, 'JPEG', **options)
    return buffer.getvalue()


def ends_early(data):
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return jpeg_ends_early(data, image)


@pytest.mark.parametrize('options', ENCODINGS)
@pytest.mark.parametrize('width', [8, 40, 640])
@pytest.mark.parametrize('flat_from', [0, 32, 200, 240])
def test_sound(options, width, flat_from):
    assert not ends_early(encode(picture(240, width, flat_from), **options))


@pytest.mark.parametrize('options', ENCODINGS)
@pytest.mark.parametrize('side', ['height', 'width'])
def test_damaged_size(options, side):
    data = bytearray(encode(picture(64, 64, 64), **options))
    marker = b'\xff\xc2' if 'progressive' in options else b'\xff\xc0'
    place = data.index(marker) + (5 if side == 'height' else 7)
    data[place : place + 2] = (512).to_bytes(2, 'big')
    assert ends_early(bytes(data))


def test_second_image_behind_the_first():
    """Cameras append a preview to their photographs."""
    data = encode(picture(240, 40, 32))
    assert not ends_early(data + encode(picture(40, 40, 40)))


def test_nothing_is_printed(capfd):
    """The decoder must not complain about the data that the check appends."""
    assert not ends_early(encode(picture(240, 640, 0)))
    assert capfd.readouterr() == ('', '')


def test_pillows_own_limit_is_not_in_the_way(monkeypatch):
    data = encode(picture(240, 640, 0))
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        monkeypatch.setattr(Image, 'MAX_IMAGE_PIXELS', 8 * 640)
        assert not jpeg_ends_early(data, image)


def test_less_than_a_block():
    assert not ends_early(encode(picture(5, 5, 0)))
