"""A result whose pixels are known."""

from epsnet_runtime import PanopticResult, Segment
from epsnet_runtime.class_info import make_classes

import numpy as np
import pytest


@pytest.fixture
def classes():
    return make_classes(
        [
            dict(id=7, name='disc', isthing=1, color=[200, 100, 0]),
            dict(id=30, name='sand', isthing=0, color=[0, 0, 255]),
        ]
    )


@pytest.fixture
def result(classes):
    """8 x 6 pixels: a disc left, one inside the sand at the right, void below."""
    panoptic = np.zeros((6, 8), np.int32)
    panoptic[:5, :4] = 1
    panoptic[:5, 4:] = 2
    panoptic[2, 5] = 3
    segments = [
        Segment(1, 0, 'disc', True, 0.75, 20, (0, 0, 4, 5)),
        Segment(2, 1, 'sand', False, None, 19, (4, 0, 8, 5)),
        Segment(3, 0, 'disc', True, 0.25, 1, (5, 2, 6, 3)),
    ]
    image = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    return PanopticResult(panoptic, segments, classes, image=image, name='a/b')
