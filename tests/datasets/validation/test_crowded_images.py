from epsnet_mm.datasets.validation.crowded_images import crowd_warnings, max_per_img

import pytest


def test_images_above_the_limit(content):
    # One car; the persons are a crowd.
    assert not list(crowd_warnings(content, 1, 'net.py'))
    (warning,) = crowd_warnings(content, 0, 'net.py')
    assert '1 images have more things than `max_per_img` of net.py, 0' in warning
    assert 'the image id 1 has 1' in warning


def test_limit_of_a_config():
    test_cfg = dict(bbox_head=dict(max_per_img=100), rpn=dict(max_per_img=1000), x=3)
    assert max_per_img(dict(model=dict(test_cfg=test_cfg)), 'net.py') == 100
    for cfg in (dict(), dict(model=dict(test_cfg=None))):
        with pytest.raises(ValueError, match=r'net.py has no `max_per_img`'):
            max_per_img(cfg, 'net.py')
