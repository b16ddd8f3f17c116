"""The pixels of OpenCV."""

from epsnet_mm.deployment.image_resize import resize_images

import cv2
import numpy as np
import pytest
import torch

SIZES = [(1, 1), (5, 200), (32, 32), (37, 101), (110, 96), (192, 256), (333, 77)]
TARGET = (96, 128)


def resized(image, as_floats):
    (found,) = resize_images(torch.from_numpy(image)[None], TARGET, as_floats)
    assert found.dtype == torch.float32
    return found.permute(1, 2, 0).numpy()


def noise(size):
    return np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)


@pytest.fixture
def without_ipp():
    """Intel's IPP places float pixels less exactly than OpenCV's own code."""
    used = cv2.ipp.useIPP()
    cv2.ipp.setUseIPP(False)
    yield
    cv2.ipp.setUseIPP(used)


@pytest.mark.parametrize('size', SIZES)
def test_bytes_are_equal(size):
    image = noise(size)

    expected = cv2.resize(image, TARGET[::-1], interpolation=cv2.INTER_LINEAR)
    assert np.array_equal(resized(image, as_floats=False), expected)


@pytest.mark.parametrize('size', SIZES)
def test_floats_are_equal_but_for_rounding(size, without_ipp):
    image = noise(size)

    expected = cv2.resize(image.astype(np.float32), TARGET[::-1])
    assert np.abs(resized(image, as_floats=True) - expected).max() < 5e-3


def test_a_size_that_fits_changes_nothing():
    image = noise(TARGET)

    for as_floats in (False, True):
        assert np.array_equal(resized(image, as_floats), image)
