"""Images that are whole, damaged, missing or none."""

from epsnet_mm.datasets.image_file import image_size, read_image

import mmcv
import numpy as np
import pytest
from PIL import Image

PIXELS = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)


def test_read(tmp_path):
    path = str(tmp_path / 'a.png')
    mmcv.imwrite(PIXELS, path)
    assert (read_image(path) == PIXELS).all()


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
@pytest.mark.parametrize('share', [0, 0.01, 0.6])
def test_truncated_file(tmp_path, suffix, share):
    path = tmp_path / f'a{suffix}'
    mmcv.imwrite(PIXELS, str(path))
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=f'a{suffix}.*replace or remove'):
        read_image(str(path))


def test_missing_file(tmp_path):
    with pytest.raises(ValueError, match=r'gone.jpg'):
        read_image(str(tmp_path / 'gone.jpg'))


@pytest.mark.parametrize(
    ('orientation', 'expected'), [(None, (4, 6)), (3, (4, 6)), (6, (6, 4))]
)
def test_size_is_that_of_the_decoded_image(tmp_path, orientation, expected):
    path = str(tmp_path / 'a.jpg')
    exif = Image.Exif()
    if orientation:
        exif[274] = orientation
    Image.new('RGB', (6, 4)).save(path, exif=exif)
    assert image_size(path) == read_image(path).shape[:2] == expected
    with pytest.raises(ValueError, match=r'gone.jpg'):
        image_size(str(tmp_path / 'gone.jpg'))
