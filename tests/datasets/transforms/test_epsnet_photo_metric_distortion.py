from epsnet_mm.datasets import EPSNetPhotoMetricDistortion

import numpy as np
import pytest
from mmcv.transforms.utils import cache_random_params
from mmdet.datasets.transforms import PhotoMetricDistortion


@pytest.fixture
def image() -> np.ndarray:
    # Far enough apart that no distortion changes their order.
    return np.broadcast_to(np.float32([60, 120, 200]), (2, 2, 3))


def draw(distort, image, seed: int) -> np.ndarray:
    np.random.seed(seed)
    return distort(dict(img=image))['img']


def test_differs_from_upstream_where_that_swaps_channels(image):
    ours, upstream = EPSNetPhotoMetricDistortion(), PhotoMetricDistortion()
    swapped = 0
    for seed in range(100):
        result, expected = draw(ours, image, seed), draw(upstream, image, seed)
        assert (np.diff(result) > 0).all()
        in_order = np.sort(expected)
        np.testing.assert_array_equal(result, in_order)
        swapped += not np.array_equal(expected, in_order)
    # A permutation of three is drawn for every second image, the identity is one of 6.
    assert 25 < swapped < 60


def test_images_of_one_sample_can_share_their_draw(image):
    distort = EPSNetPhotoMetricDistortion()
    with cache_random_params(distort):
        first, second = (distort(dict(img=image))['img'] for _ in range(2))
    np.testing.assert_array_equal(first, second)
