"""Every form in which people hold an image."""

from epsnet_mm.datasets.image_reader import as_gray
from epsnet_runtime.pixel_forms import as_bgr, check_form, pillow_to_array

import numpy as np
import pytest
from PIL import Image

BGR = np.random.default_rng(0).integers(0, 256, (4, 6, 3), np.uint8)
GRAY = BGR[..., 0]


@pytest.mark.parametrize(
    ('array', 'expected'),
    [
        (BGR, BGR),
        (np.dstack([BGR, GRAY]), BGR),
        (GRAY, np.dstack([GRAY] * 3)),
        (GRAY[..., None], np.dstack([GRAY] * 3)),
        (BGR.astype(np.uint16) * 257, BGR),
        (BGR.astype(np.int64), BGR),
        ((BGR / 255).astype(np.float32), BGR),
        (BGR.astype(np.float64), BGR),
        (BGR.astype(np.float16), BGR),
        (np.zeros((1, 1)), np.zeros((1, 1, 3), np.uint8)),
    ],
)
def test_accepted(array, expected):
    found = as_bgr(array)
    assert found.dtype == np.uint8
    assert found.tolist() == expected.tolist()


def test_an_image_in_the_right_form_is_not_copied():
    assert np.shares_memory(as_bgr(BGR), BGR)


@pytest.mark.parametrize(
    'array',
    [
        np.stack([BGR, BGR]),
        np.moveaxis(BGR, 2, 0),
        np.zeros((4, 6, 2)),
        np.zeros((0, 6, 3)),
        np.zeros(6),
        BGR > 9,
        BGR.astype(object),
        BGR.astype(np.int32) * 3,
        -BGR.astype(np.float32),
        np.full((4, 6), np.nan),
        np.full((4, 6), np.inf),
    ],
)
def test_refused(array):
    with pytest.raises(ValueError, match=r'is no image: give \(H, W\), .*BGR'):
        check_form(array)
    with pytest.raises(ValueError, match=r'is no image: give'):
        as_bgr(array)


def test_gray():
    assert (as_gray(GRAY) == GRAY).all()
    assert (as_gray(GRAY[..., None]) == GRAY).all()
    # 0.114 B + 0.587 G + 0.299 R
    assert as_gray(np.full((1, 1, 3), (0, 100, 0), np.uint8)).tolist() == [[59]]


@pytest.mark.parametrize('mode', ['RGB', 'RGBA', 'L', '1', 'P', 'CMYK', 'LA'])
def test_pillow(mode):
    image = Image.fromarray(BGR[..., ::-1]).convert(mode)
    expected = np.asarray(image.convert('RGB'))[..., ::-1]
    assert (as_bgr(pillow_to_array(image)) == expected).all()


def test_pillow_of_more_than_8_bits():
    high = GRAY.astype(np.uint16) * 257
    assert (as_bgr(pillow_to_array(Image.fromarray(high)))[..., 1] == GRAY).all()
    floats = Image.fromarray(GRAY.astype(np.float32))
    assert (as_bgr(pillow_to_array(floats))[..., 1] == GRAY).all()


def test_pillow_is_turned_as_files_are():
    image = Image.fromarray(BGR[..., ::-1])
    image.getexif()[274] = 6
    assert pillow_to_array(image).shape == (6, 4, 3)
