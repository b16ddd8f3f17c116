from epsnet_mm.datasets.image_file import applied_orientation, read_image
from epsnet_mm.datasets.orientation import orientation_problem, turn_to_displayed

import numpy as np
import pytest
from PIL import Image


def save(path, stored, orientation):
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(stored).save(path, exif=exif, quality=95, subsampling=0)
    return str(path)


@pytest.mark.parametrize('orientation', range(1, 9))
def test_turned_as_images_are_read(tmp_path, orientation):
    # Four gray corners of 16 pixels: none of the eight turns gives the same.
    corners = np.array([[0, 80], [160, 240]], np.uint8)
    stored = np.kron(corners, np.ones((16, 24), np.uint8))
    path = save(tmp_path / 'a.jpg', stored, orientation)
    assert applied_orientation(path) == orientation
    displayed = read_image(path)[..., 0].astype(int)
    turned = turn_to_displayed(stored, orientation)
    assert turned.shape == displayed.shape
    assert np.abs(turned - displayed).max() < 9


@pytest.mark.parametrize('value', [0, 9])
def test_unknown_values_mean_as_stored(tmp_path, value):
    assert applied_orientation(save(tmp_path / 'a.jpg', np.eye(4) > 0, value)) == 1


def test_problem(tmp_path):
    stored = np.zeros((2, 3), np.uint8)
    path = save(tmp_path / 'a.jpg', stored, 6)
    assert 'stored pixels, 3 x 2' in orientation_problem(path, (2, 3))
    assert orientation_problem(path, (3, 2)) is None
    path = save(tmp_path / 'b.jpg', stored, 3)
    assert 'does not tell' in orientation_problem(path, (2, 3))
    assert orientation_problem(path, (7, 7)) is None
    assert orientation_problem(save(tmp_path / 'c.jpg', stored, 1), (2, 3)) is None


def test_no_image(tmp_path):
    (tmp_path / 'a.jpg').write_text('no image')
    with pytest.raises(ValueError, match=r'Cannot read image .*a.jpg'):
        applied_orientation(str(tmp_path / 'a.jpg'))
