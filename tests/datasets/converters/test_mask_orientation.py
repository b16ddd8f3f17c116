from epsnet_mm.datasets.converters.conversion_report import InvalidItemError
from epsnet_mm.datasets.converters.mask_orientation import match_orientation

import numpy as np
import pytest
from PIL import Image

STORED = np.arange(6).reshape(2, 3)


def save(tmp_path, orientation, size=(3, 2)):
    exif = Image.Exif()
    exif[274] = orientation
    path = tmp_path / 'a.jpg'
    Image.new('RGB', size).save(path, exif=exif)
    return str(path)


def test_without_orientation_nothing_is_turned(tmp_path):
    path = save(tmp_path, 1)
    for choice in (None, 'displayed', 'stored'):
        assert np.array_equal(match_orientation(STORED, path, choice), STORED)


@pytest.mark.parametrize('orientation', [2, 3, 4])
def test_same_size_needs_a_choice(tmp_path, orientation):
    path = save(tmp_path, orientation)
    with pytest.raises(InvalidItemError, match=r'EXIF.*--mask-orientation stored'):
        match_orientation(STORED, path, None)
    assert match_orientation(STORED, path, 'displayed') is STORED
    assert not np.array_equal(match_orientation(STORED, path, 'stored'), STORED)


@pytest.mark.parametrize('orientation', [5, 6, 7, 8])
def test_swapped_sizes_tell(tmp_path, orientation):
    path = save(tmp_path, orientation)
    for choice in (None, 'displayed'):
        with pytest.raises(
            InvalidItemError,
            match=rf'stored pixels, 3 x 2, but the EXIF orientation {orientation} '
            'of the image makes 2 x 3',
        ):
            match_orientation(STORED, path, choice)
        assert match_orientation(STORED.T, path, choice).shape == (3, 2)
    assert match_orientation(STORED, path, 'stored').shape == (3, 2)


def test_square_images_need_a_choice(tmp_path):
    path = save(tmp_path, 6, size=(2, 2))
    square = np.array([[1, 2], [3, 4]])
    with pytest.raises(InvalidItemError, match='does not tell'):
        match_orientation(square, path, None)
    assert match_orientation(square, path, 'stored').tolist() == [[3, 1], [4, 2]]
