from epsnet_mm.datasets.validation.crowded_images import crowd_warnings, max_per_img

import pytest


def test_images_above_the_limit(content):
    # One car; the persons are a crowd.
    assert not list(crowd_warnings(content, 1, 'net.py'))
    (warning,) = crowd_warnings(content, 0, 'net.py')
    assert '1 images have more things than `max_per_img` of net.py, 0' in warning
    assert 'the image id 1 has 1' in warning


def test_limit_of_a_config(tmp_path, repo_root):
    config = repo_root / 'configs/_base_/models/epsnet_r50_fpn.py'
    assert max_per_img(str(config)) == 100
    (tmp_path / 'none.py').write_text('model = dict(type="X")')
    with pytest.raises(ValueError, match=r'none.py has no `max_per_img`'):
        max_per_img(str(tmp_path / 'none.py'))
    with pytest.raises(FileNotFoundError):
        max_per_img(str(tmp_path / 'absent.py'))
