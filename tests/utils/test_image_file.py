"""Images that are whole, damaged, missing or none."""
import mmcv
import numpy as np
import pytest

from epsnet_mm.utils.image_file import read_image

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
    path.write_bytes(content[:int(share * len(content))])
    with pytest.raises(ValueError, match=f'a{suffix}.*replace or remove'):
        read_image(str(path))


def test_missing_file(tmp_path):
    with pytest.raises(ValueError, match='gone.jpg'):
        read_image(str(tmp_path / 'gone.jpg'))
