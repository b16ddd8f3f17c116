"""Files that may be damaged, turned, deep, large or far away."""

import functools
import http.server
import subprocess
import sys
import threading

from epsnet_mm.datasets.image_file import image_size, read_image
from epsnet_runtime import image_file
from epsnet_runtime.image_file import read_rgb

import numpy as np
import pytest
from PIL import Image

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8)


@pytest.fixture
def path(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / 'a.png')
    return tmp_path / 'a.png'


def test_rgb(path):
    assert (read_rgb(path) == PIXELS).all()


def test_exif_orientation(tmp_path):
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(PIXELS).save(tmp_path / 'a.png', exif=exif)
    assert (read_rgb(tmp_path / 'a.png') == np.rot90(PIXELS, -1)).all()


def test_sixteen_bits(tmp_path):
    deep = np.array([[0, 255, 256, 65535]], np.uint16)
    Image.fromarray(deep).save(tmp_path / 'a.png')
    assert read_rgb(tmp_path / 'a.png')[0, :, 0].tolist() == [0, 0, 1, 255]


@pytest.mark.parametrize(
    ('values', 'expected'),
    [
        (np.array([[0, 0.5, 1]], np.float32), [0, 128, 255]),
        (np.array([[0, 7, 255]], np.int32), [0, 7, 255]),
        (np.array([[0, 7, 256]], np.int32), 'int32 from 0 to 256 is no image'),
        (np.array([[0, np.nan, 1]], np.float32), 'float32 from nan to nan'),
        (np.array([[-1, 0, 1]], np.float32), 'float32 from -1.0 to 1.0 is no image'),
    ],
)
def test_thirty_two_bits(tmp_path, values, expected):
    path = tmp_path / 'a.tif'
    Image.fromarray(values).save(path)
    if isinstance(expected, str):
        with pytest.raises(
            ValueError, match=rf'Cannot read image .*a\.tif.*{expected}'
        ):
            read_rgb(path)
    else:
        assert read_rgb(path)[0, :, 0].tolist() == expected


@pytest.mark.parametrize('mode', ['L', 'P', 'RGBA', 'CMYK'])
def test_modes(tmp_path, mode):
    Image.fromarray(PIXELS).convert(mode).save(tmp_path / 'a.tif')
    assert read_rgb(tmp_path / 'a.tif').shape == (6, 8, 3)


@pytest.mark.parametrize(
    ('content', 'reason'),
    [
        (b'no image', 'it is no image of a known format'),
        (None, 'it does not exist; correct the path'),
    ],
)
def test_unreadable(tmp_path, content, reason):
    path = tmp_path / 'a.png'
    if content:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=rf'^Cannot read image .*a\.png: .*{reason}'):
        read_rgb(path)


def test_cut_short(path):
    large = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    Image.fromarray(large).save(path)
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(ValueError, match='Cannot read image'):
        read_rgb(path)


def test_too_large(path):
    assert read_rgb(path, max_pixels=48).shape == (6, 8, 3)
    with pytest.raises(ValueError, match='declares 8 x 6 pixels, but the limit is 47'):
        read_rgb(path, max_pixels=47)


def test_address(path, tmp_path):
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=str(tmp_path)
    )
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f'http://127.0.0.1:{server.server_port}'
        assert (read_rgb(f'{address}/a.png') == PIXELS).all()
        with pytest.raises(ValueError, match='404'):
            read_rgb(f'{address}/b.png')
        server.shutdown()


def test_heic_of_phones(tmp_path):
    pytest.importorskip('pillow_heif', reason='pillow-heif is not installed')
    code = (
        'import numpy as np, pillow_heif, sys; from PIL import Image; '
        'pillow_heif.register_heif_opener(); '
        'Image.new("RGB", (64, 48), (200, 100, 50)).save(sys.argv[1])'
    )
    path = tmp_path / 'a.heic'
    # In a process of its own: here, nobody has registered the format.
    subprocess.run([sys.executable, '-c', code, path], check=True)
    pixels = read_rgb(path)
    assert pixels.shape == (48, 64, 3)
    assert pixels.mean((0, 1)) == pytest.approx([200, 100, 50], abs=4)
    assert read_image(str(path))[..., ::-1].mean((0, 1)) == pytest.approx(
        pixels.mean((0, 1)), abs=1
    )
    assert image_size(str(path)) == (48, 64)


def test_heic_without_its_package(tmp_path, monkeypatch):
    monkeypatch.setattr(image_file, '_knows_heif', lambda: False)
    (tmp_path / 'a.HEIC').write_bytes(b'\0\0\0\x18ftypheic')
    with pytest.raises(ValueError, match='pip install pillow-heif, or convert it'):
        read_rgb(tmp_path / 'a.HEIC')
