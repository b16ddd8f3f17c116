from epsnet_mm.structures.atomic_write import write_image

import cv2
import numpy as np
import pytest


def test_file_that_cannot_be_written(tmp_path):
    (tmp_path / 'a.png').mkdir()
    with pytest.raises(OSError, match=r'Could not write .*a.png'):
        write_image(np.zeros((2, 2, 3), np.uint8), tmp_path / 'a.png')
    assert [x.name for x in tmp_path.iterdir()] == ['a.png']


@pytest.mark.parametrize('name', ['a', 'a.txt'])
def test_name_of_no_format(tmp_path, name):
    with pytest.raises(ValueError, match=f'{name} ends with no format.*.png'):
        write_image(np.zeros((2, 2, 3), np.uint8), tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize('name', ['a.png', 'a.jpg'])
def test_image_is_as_opencv_writes_it(tmp_path, name):
    image = np.random.default_rng(0).integers(0, 255, (9, 7, 3), np.uint8)
    write_image(image, tmp_path / name)
    cv2.imwrite(str(tmp_path / f'b{name}'), image)
    assert (tmp_path / name).read_bytes() == (tmp_path / f'b{name}').read_bytes()
