"""Text of the size that was announced."""

from epsnet_runtime.drawing.text import font_scale, put_text, text_size

import numpy as np
import pytest


@pytest.mark.parametrize('text', ['disc 0.75', 'pyjama', 'Größe'])
def test_text_is_as_large_as_announced(text):
    width, height, below = text_size(text, 1.0)
    image = np.full((100, 300, 3), 255, np.uint8)
    put_text(image, text, (50, 60), 1.0)
    ys, xs = np.nonzero(image[..., 0] < 128)
    assert 60 + below - height <= ys.min()
    assert ys.max() < 60 + below
    assert 48 <= xs.min() <= 55
    assert abs(xs.max() - 50 - width) < 6


@pytest.mark.parametrize('place', [(-20, 10), (15, 3), (500, 500), (0, -50)])
def test_what_is_outside_is_cut(place):
    image, large = np.zeros((20, 30, 3), np.uint8), np.zeros((700, 700, 3), np.uint8)
    put_text(image, 'disc', place, 1.0, (255, 0, 0))
    put_text(large, 'disc', (place[0] + 60, place[1] + 60), 1.0, (255, 0, 0))
    assert (image == large[60:80, 60:90]).all()
    assert image.any() == (place in [(-20, 10), (15, 3)])


def test_larger_pictures_have_larger_text():
    assert font_scale(160, 160) == 0.42
    assert font_scale(3000, 4000) == 2.0
    assert font_scale(900, 4000) == 1.0
