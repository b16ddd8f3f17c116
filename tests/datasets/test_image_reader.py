"""A reader does what a config's `LoadImageFromFile` does."""

import epsnet_mm  # noqa: F401  (registers the transforms)
from epsnet_mm.datasets.image_reader import ImageReader, as_rgb

import mmcv
import numpy as np
import pytest
from mmcv.transforms import LoadImageFromFile
from mmengine.dataset import Compose
from mmengine.registry import DefaultScope

BGR = np.random.default_rng(0).integers(0, 256, (4, 6, 3), np.uint8)


@pytest.fixture(autouse=True)
def mmdet_scope():
    with DefaultScope.overwrite_default_scope('mmdet'):
        yield


@pytest.mark.parametrize(
    'flags',
    [
        dict(),
        dict(color_type='grayscale'),
        dict(color_type='unchanged'),
        dict(imdecode_backend='pillow'),
        dict(imdecode_backend='pillow', color_type='grayscale'),
        dict(color_type='color_ignore_orientation', to_float32=True),
    ],
)
@pytest.mark.parametrize('kind', ['LoadImageFromFile', LoadImageFromFile])
def test_same_pixels_as_the_transform(tmp_path, flags, kind):
    path = str(tmp_path / 'a.png')
    mmcv.imwrite(np.dstack([BGR, BGR[..., 0]]), path)
    pipeline = [dict(type='Resize', scale=(2, 2)), dict(type=kind, **flags)]
    reader = ImageReader.of_pipeline(pipeline)
    built = Compose([dict(transform) for transform in pipeline]).transforms
    assert ImageReader.of_pipeline(built) == reader
    expected = LoadImageFromFile(**flags).transform(dict(img_path=path))['img']
    found = reader.read(path)
    assert found.shape == expected.shape
    assert (found == expected).all()


def test_16_bits_and_many_bands(tmp_path):
    path = str(tmp_path / 'a.png')
    mmcv.imwrite(BGR[..., 0].astype(np.uint16) * 257, path)
    assert (ImageReader().read(path)[..., 2] == BGR[..., 0]).all()
    unchanged = ImageReader(color_type='unchanged').read(path)
    assert unchanged.dtype == np.uint16
    assert (as_rgb(unchanged)[..., 0] == BGR[..., 0]).all()


def test_options_take_precedence():
    pipeline = [dict(type='LoadImageFromFile', backend_args=dict(backend='petrel'))]
    assert ImageReader.of_pipeline(pipeline).backend_args == dict(backend='petrel')
    assert ImageReader.of_pipeline(pipeline, backend_args=None) == ImageReader()
    assert ImageReader.of_pipeline([], max_pixels=3).max_pixels == 3


def test_convert():
    gray = ImageReader(color_type='grayscale')
    assert gray.convert(BGR).shape == (4, 6)
    assert gray.convert(BGR[..., :1]).tolist() == BGR[..., 0].tolist()
    assert ImageReader().convert(BGR[..., 0]).shape == (4, 6, 3)
    bands = np.zeros((4, 6, 7), np.uint16)
    assert ImageReader(imdecode_backend='tifffile').convert(bands) is bands


@pytest.mark.parametrize('color_type', ['color', 'grayscale', 'unchanged'])
def test_no_image(color_type):
    reader = ImageReader(color_type=color_type)
    for method in (reader.convert, reader.check):
        with pytest.raises(ValueError, match=r'shape \(2, 4, 6, 3\) is no image: give'):
            method(np.stack([BGR, BGR]))


@pytest.mark.parametrize(
    ('pixels', 'expected'),
    [
        (BGR, BGR[..., ::-1]),
        (BGR[..., 0], np.dstack([BGR[..., 0]] * 3)),
        (BGR.astype(np.float32), BGR[..., ::-1]),
        (np.dstack([BGR, BGR]), BGR[..., ::-1]),
        (np.dstack([BGR[..., 1], BGR[..., 2]]), np.dstack([BGR[..., 1]] * 3)),
        (np.array([[-1.0, 3.0]]), np.array([[[0] * 3, [255] * 3]])),
        (np.array([[np.nan, 255.0]]), np.array([[[0] * 3, [255] * 3]])),
    ],
)
def test_presentable(pixels, expected):
    found = as_rgb(pixels)
    assert found.dtype == np.uint8
    assert found.tolist() == expected.tolist()
