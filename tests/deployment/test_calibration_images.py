"""What calibration is fed with."""

import numpy as np
import pytest
from PIL import Image

pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
CalibrationImages = pytest.importorskip(
    'epsnet_mm.deployment.calibration_images'
).CalibrationImages


@pytest.fixture
def folder(tmp_path):
    """Five images of another red each: 0, 10, ... 40."""
    for number in range(5):
        pixels = np.zeros((4, 6, 3), np.uint8)
        pixels[..., 0] = number * 10
        Image.fromarray(pixels).save(tmp_path / f'{number}.png')
    return str(tmp_path)


def reds(images, channel):
    fed = iter(images.get_next, None)
    return [int(x['image'][0, 0, 0, channel]) for x in fed]


def test_all_images_in_the_order_of_channels(folder):
    assert reds(CalibrationImages(folder, 'bgr'), 2) == [0, 10, 20, 30, 40]
    assert reds(CalibrationImages([folder], 'rgb'), 0) == [0, 10, 20, 30, 40]


def test_few_of_many_are_spread(folder):
    images = CalibrationImages(folder, 'rgb', most=3)

    assert images.total == 3
    assert reds(images, 0) == [0, 20, 40]


def test_a_folder_without_images(tmp_path):
    with pytest.raises(ValueError, match=str(tmp_path)):
        CalibrationImages(str(tmp_path), 'bgr')
