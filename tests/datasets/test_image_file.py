"""Images that are whole, damaged, missing or none."""

import io
import zlib

from epsnet_mm.datasets.image_file import applied_orientation, image_size, read_image

import cv2
import mmcv
import numpy as np
import pytest
from PIL import Image

PIXELS = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)


def test_read(tmp_path):
    path = str(tmp_path / 'a.png')
    mmcv.imwrite(PIXELS, path)
    assert (read_image(path) == PIXELS).all()


@pytest.mark.parametrize(
    ('flags', 'expected'),
    [
        (dict(color_type='grayscale'), (6, 4)),
        (dict(color_type='color_ignore_orientation'), (4, 6, 3)),
        (dict(color_type='unchanged'), (4, 6, 3)),
        (dict(imdecode_backend='pillow'), (6, 4, 3)),
    ],
)
def test_flags_of_load_image_from_file(tmp_path, flags, expected):
    path = str(tmp_path / 'a.jpg')
    exif = Image.Exif()
    exif[274] = 6
    Image.new('RGB', (6, 4)).save(path, exif=exif)
    assert read_image(path, **flags).shape == expected


@pytest.mark.parametrize('kind', [np.float32, np.int32])
def test_numbers_without_a_range(tmp_path, kind):
    path = str(tmp_path / 'a.tif')
    Image.fromarray(PIXELS[..., 0].astype(kind)).save(path)
    with pytest.raises(ValueError, match=r'a\.tif: its pixels are numbers of 32 bits'):
        read_image(path)
    assert (read_image(path, 'unchanged') == PIXELS[..., 0]).all()


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
@pytest.mark.parametrize('share', [0, 0.01, 0.6])
def test_truncated_file(tmp_path, suffix, share):
    path = tmp_path / f'a{suffix}'
    mmcv.imwrite(PIXELS, str(path))
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=f'a{suffix}.*replace or remove') as error:
        read_image(str(path))
    assert 'BytesIO' not in str(error.value)


def test_missing_file(tmp_path):
    with pytest.raises(ValueError, match=r'gone.jpg'):
        read_image(str(tmp_path / 'gone.jpg'))


def test_no_image(tmp_path):
    for name, reason in (('v.jpg', 'no image of a known format'), ('v.mp4', 'a video')):
        (tmp_path / name).write_bytes(bytes(1000))
        for function in (read_image, image_size):
            with pytest.raises(ValueError, match=f'{name}: it is {reason}'):
                function(str(tmp_path / name))


def test_whatever_a_decoder_raises_names_the_file(tmp_path, monkeypatch):
    path = str(tmp_path / 'a.png')
    mmcv.imwrite(PIXELS, path)
    monkeypatch.setattr(cv2, 'imdecode', lambda *_: 1 / 0)
    with pytest.raises(ValueError, match=r'Cannot read image .*a\.png: division by'):
        read_image(path)


def declare(width, height):
    """A PNG of a few bytes that declares a size."""

    def chunk(name, content):
        body = name + content
        check = zlib.crc32(body).to_bytes(4, 'big')
        return len(content).to_bytes(4, 'big') + body + check

    head = width.to_bytes(4, 'big') + height.to_bytes(4, 'big') + b'\x08\x00\0\0\0'
    data = chunk(b'IDAT', zlib.compress(bytes(100))) + chunk(b'IEND', b'')
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + data


def test_limit_of_declared_pixels(tmp_path):
    path = tmp_path / 'bomb.png'
    path.write_bytes(declare(60000, 60000))
    with pytest.raises(ValueError, match=r'bomb.png: it declares 60000 x 60000 pixels'):
        read_image(str(path))
    small = str(tmp_path / 'a.png')
    mmcv.imwrite(PIXELS, small)
    with pytest.raises(ValueError, match=r'limit is 4095.*raise `max_pixels`'):
        read_image(small, max_pixels=64 * 64 - 1)
    assert read_image(small, max_pixels=64 * 64).shape == (64, 64, 3)


def test_pillows_own_limit_is_not_in_the_way(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, 'MAX_IMAGE_PIXELS', 10)
    path = str(tmp_path / 'a.png')
    mmcv.imwrite(PIXELS, path)
    assert read_image(path, max_pixels=None).shape == (64, 64, 3)
    assert Image.MAX_IMAGE_PIXELS == 10


@pytest.mark.parametrize('image_format', ['JPEG', 'PNG', 'WEBP', 'TIFF'])
@pytest.mark.parametrize('orientation', [None, 0, 2, 3, 5, 6, 8, 9, 65535])
def test_size_is_that_of_the_decoded_image(tmp_path, image_format, orientation):
    path = str(tmp_path / f'a.{image_format.lower()}')
    exif = Image.Exif()
    if orientation is not None:
        exif[274] = orientation
    Image.fromarray(PIXELS[:32, :16]).save(path, exif=exif, quality=95)
    pixels = read_image(path)
    assert image_size(path) == pixels.shape[:2]
    applied = applied_orientation(path)
    assert pixels.shape[:2] == ((32, 16) if applied < 5 else (16, 32))
    if image_format == 'JPEG':
        assert applied == (orientation if orientation in range(1, 9) else 1)


def test_size_of_a_missing_file(tmp_path):
    with pytest.raises(ValueError, match=r'gone.jpg'):
        image_size(str(tmp_path / 'gone.jpg'))


def test_jpeg_with_a_damaged_size(tmp_path):
    buffer = io.BytesIO()
    Image.fromarray(PIXELS).save(buffer, 'JPEG')
    data = bytearray(buffer.getvalue())
    start = data.index(b'\xff\xc0') + 5
    data[start : start + 2] = (500).to_bytes(2, 'big')
    path = tmp_path / 'a.jpg'
    path.write_bytes(data)
    # Without the check it would load, mostly gray.
    assert cv2.imread(str(path)).shape == (500, 64, 3)
    with pytest.raises(ValueError, match=r'a.jpg: its data ends before the 64 x 500'):
        read_image(str(path))


@pytest.mark.parametrize('damage', [None, (3, 0), (5, 13), (6, 13), (23, 9)])
def test_size_with_damaged_exif_data_is_that_of_the_decoded_image(tmp_path, damage):
    """Bytes of the data's name, of the byte order and of the value's type."""
    path, exif = tmp_path / 'turned.jpg', Image.Exif()
    exif[0x0112] = 6
    Image.new('RGB', (16, 8)).save(path, exif=exif.tobytes())
    if damage:
        content = bytearray(path.read_bytes())
        position, value = damage
        content[content.index(b'Exif') + position] = value
        path.write_bytes(content)

    assert read_image(str(path)).shape[:2] == image_size(str(path))
