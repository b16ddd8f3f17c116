"""The panoptic map in lower precision.

Rounding does not change the map of a network with clear scores, but random weights
have none. So a small network learns one image first.
"""

import numpy as np
import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import MODELS
from mmdet.structures import DetDataSample
from mmdet.structures.mask import BitmapMasks
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData, PixelData

T, S, SIZE, STEPS = 2, 2, 128, 60
pytestmark = pytest.mark.slow


def example():
    """Two overlapping squares on two stuff classes."""
    image = torch.full((3, SIZE, SIZE), 40, dtype=torch.uint8)
    image[1, SIZE // 2 :] = 200
    semantic = torch.full((1, SIZE, SIZE), T)
    semantic[:, SIZE // 2 :] = T + 1
    boxes = [(20, 20, 70, 70), (50, 50, 110, 100)]
    masks = np.zeros((2, SIZE, SIZE), np.uint8)
    for label, (x1, y1, x2, y2) in enumerate(boxes):
        masks[:, y1:y2, x1:x2] = 0
        masks[label, y1:y2, x1:x2] = 1
        semantic[:, y1:y2, x1:x2] = label
        image[:, y1:y2, x1:x2] = 0
        image[2 * label, y1:y2, x1:x2] = 250
    sample = DetDataSample(metainfo=dict(img_shape=(SIZE,) * 2, ori_shape=(150, 130)))
    sample.gt_instances = InstanceData(
        bboxes=torch.tensor(boxes, dtype=torch.float),
        labels=torch.tensor([0, 1]),
        masks=BitmapMasks(masks, SIZE, SIZE),
    )
    sample.gt_sem_seg = PixelData(sem_seg=semantic)
    return dict(inputs=[image], data_samples=[sample])


@pytest.fixture(scope='module')
def model(request):
    """An EPSNet on ResNet-18 that has learnt the image."""
    init_default_scope('mmdet')  # as the runner does
    path = request.config.rootpath / 'configs/_base_/models/epsnet_r18_fpn.py'
    cfg = Config.fromfile(path).model
    cfg.update(num_things_classes=T, num_stuff_classes=S)
    cfg.test_cfg.panoptic.stuff_area_limit = 64
    torch.manual_seed(0)
    model = MODELS.build(cfg)
    model.init_weights()
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), 5e-4)
    for _ in range(STEPS):
        data = model.data_preprocessor(example(), training=True)
        optimizer.zero_grad()
        sum(model(**data, mode='loss').values()).backward()
        optimizer.step()
    return model.eval()


@torch.no_grad()
def panoptic_map(model):
    (sample,) = model.test_step(example())
    return sample.pred_panoptic_seg.sem_seg


def test_the_image_is_learnt(model):
    found = set(panoptic_map(model).unique().tolist())

    # Void (4) may lie between a square and what surrounds it.
    assert found - {T + S} in (
        {T, T + 1, INSTANCE_OFFSET, 2 * INSTANCE_OFFSET + 1},
        {T, T + 1, INSTANCE_OFFSET + 1, 2 * INSTANCE_OFFSET},
    )


@pytest.mark.parametrize('dtype', [torch.bfloat16, torch.float16], ids=str)
def test_autocast_gives_the_same_map(dtype, model):
    expected = panoptic_map(model)

    with torch.autocast('cpu', dtype):
        found = panoptic_map(model)

    assert found.eq(expected).float().mean() >= 0.99
