from epsnet_mm.datasets.converters.conversion_report import InvalidItemError
from epsnet_mm.datasets.converters.segmentation import (
    check_segmentation,
    encode_segmentation,
)

import pytest
from pycocotools import mask as coco_mask

COUNTS = dict(size=[4, 6], counts=[0, 2, 2, 2, 2, 2, 14])


@pytest.mark.parametrize(
    'segmentation',
    [
        [[0, 0, 3, 0, 3, 2, 0, 2]],
        COUNTS,
        coco_mask.frPyObjects(COUNTS, 4, 6),
    ],
)
def test_all_forms(segmentation):
    check_segmentation(segmentation, 4, 6)
    mask = coco_mask.decode(encode_segmentation(segmentation, 4, 6))
    assert mask.tolist() == [[1, 1, 1, 0, 0, 0]] * 2 + [[0] * 6] * 2


@pytest.mark.parametrize('segmentation', [None, [], [[]], [[], []], {}])
def test_box_only(segmentation):
    with pytest.raises(InvalidItemError) as caught:
        check_segmentation(segmentation, 4, 6)
    assert caught.value.reason == 'without a mask (box only)'


@pytest.mark.parametrize(
    ('segmentation', 'message'),
    [
        ('0 0 1 1', 'neither polygons nor an RLE'),
        (5, 'neither polygons nor an RLE'),
        ([1, 2, 3, 4, 5, 6], 'no list'),
        ([[1, 2, 3, 4]], '4 coordinates'),
        (dict(size=[4, 6], counts=[1]), 'add up to 1'),
    ],
)
def test_wrong_segmentations(segmentation, message):
    with pytest.raises(InvalidItemError, match=message) as caught:
        check_segmentation(segmentation, 4, 6)
    assert caught.value.reason == 'with a segmentation that cannot be decoded'
