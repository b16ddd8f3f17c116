"""The table of segments of a map of a few pixels."""

from epsnet_runtime.coco.panoptic_annotation import panoptic_annotation

import numpy as np
import pytest


def test_annotation():
    ids = np.array([[2, 2, 1, 3], [0, 1, 1, 3]])
    segments = [dict(id=1, category_id=30), dict(id=2, category_id=7, score=0.5)]
    hidden = dict(id=4, category_id=7)
    segments += [dict(id=3, category_id=7), hidden]
    assert panoptic_annotation(5, 'a.png', ids, segments) == dict(
        image_id=5,
        file_name='a.png',
        segments_info=[
            dict(id=1, category_id=30, area=3, bbox=[1, 0, 2, 2]),
            dict(id=2, category_id=7, score=0.5, area=2, bbox=[0, 0, 2, 1]),
            dict(id=3, category_id=7, area=2, bbox=[3, 0, 1, 2]),
        ],
    )


def test_pixels_that_no_segment_describes():
    with pytest.raises(ValueError, match=r'a.png have the segment id 3, which'):
        panoptic_annotation(5, 'a.png', np.array([[1, 3]]), [dict(id=1)])
