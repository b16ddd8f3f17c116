"""Ground truth for the tests of heads and detector."""

import numpy as np
import pytest
import torch
from mmdet.structures import DetDataSample
from mmdet.structures.mask import BitmapMasks
from mmengine.structures import InstanceData, PixelData


def _instances(objects, size):
    """Objects (label, x1, y1, x2, y2) whose masks fill their boxes."""
    masks = np.zeros((len(objects), *size), np.uint8)
    for mask, (_, x1, y1, x2, y2) in zip(masks, objects, strict=True):
        mask[y1:y2, x1:x2] = 1
    return InstanceData(
        bboxes=torch.tensor([x[1:] for x in objects], dtype=torch.float32).view(-1, 4),
        labels=torch.tensor([x[0] for x in objects], dtype=torch.long),
        masks=BitmapMasks(masks, *size),
    )


@pytest.fixture
def make_sample():
    """`make_sample(size, things=(), crowds=(), stuff=255, ori_shape=None)`.

    Things and crowds are tuples (label, x1, y1, x2, y2) in pixels; `stuff` is
    the label of the rest of the image, 255 = unlabelled.
    """

    def make(size, things=(), crowds=(), stuff=255, ori_shape=None):
        semantic = torch.full((1, *size), stuff, dtype=torch.uint8)
        for label, x1, y1, x2, y2 in (*things, *crowds):
            semantic[:, y1:y2, x1:x2] = label
        sample = DetDataSample(
            metainfo=dict(
                img_shape=size, batch_input_shape=size, ori_shape=ori_shape or size
            )
        )
        sample.gt_instances = _instances(things, size)
        sample.ignored_instances = _instances(crowds, size)
        sample.gt_sem_seg = PixelData(sem_seg=semantic)
        return sample

    return make
