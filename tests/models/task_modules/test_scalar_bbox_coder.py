"""The code of boxes, against upstream's and by hand."""

from epsnet_mm.models.task_modules import ScalarBBoxCoder

import pytest
import torch
from mmdet.models.task_modules import DeltaXYWHBBoxCoder


def test_by_hand():
    # Half a width to the right, a tenth of a height down; double width.
    anchors = torch.tensor([[0.0, 0.0, 20.0, 10.0]])
    offsets = torch.tensor([[5.0, 1.0, 5 * 0.6931472, 0.0]])

    boxes = ScalarBBoxCoder().decode(anchors, offsets)

    torch.testing.assert_close(boxes, torch.tensor([[0.0, 1.0, 40.0, 11.0]]))


@pytest.mark.parametrize('means', [(0.0, 0.0, 0.0, 0.0), (0.1, -0.2, 0.3, 0.4)])
def test_boxes_of_upstream(means):
    corner, size = torch.rand(50, 2) * 100 - 20, torch.rand(50, 2) * 80 + 1
    anchors = torch.cat([corner, corner + size], dim=1)
    # Up to sizes at which the ratio is clipped.
    offsets = torch.randn(50, 4) * 12
    stds = (0.1, 0.1, 0.2, 0.2)

    found = ScalarBBoxCoder(means, stds).decode(anchors, offsets)

    upstream = DeltaXYWHBBoxCoder(means, stds, clip_border=False)
    torch.testing.assert_close(found, upstream.decode(anchors, offsets))


def test_decoding_undoes_encoding():
    anchors = torch.tensor([[0.0, 0.0, 20.0, 10.0], [5.0, 5.0, 10.0, 30.0]])
    boxes = torch.tensor([[3.0, -2.0, 18.0, 12.0], [0.0, 0.0, 50.0, 40.0]])
    coder = ScalarBBoxCoder()

    torch.testing.assert_close(
        coder.decode(anchors, coder.encode(anchors, boxes)), boxes
    )


def test_no_boxes():
    none = torch.zeros(0, 4)

    assert ScalarBBoxCoder().decode(none, none).shape == (0, 4)
