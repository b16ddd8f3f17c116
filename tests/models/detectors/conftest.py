"""A small EPSNet for the tests of the wired network."""

from pathlib import Path

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

CONFIG = Path(__file__).parents[3] / 'configs/_base_/models/epsnet_r50_fpn.py'
T, S = 4, 3
SIZE = (160, 160)


def shallow_config(num_things, num_stuff):
    """The base config on ResNet-18, without pretrained weights."""
    init_default_scope('mmdet')  # as the runner does
    cfg = Config.fromfile(CONFIG).model
    cfg.backbone.update(depth=18, init_cfg=None)
    cfg.neck.in_channels = [64, 128, 256, 512]
    cfg.update(num_things_classes=num_things, num_stuff_classes=num_stuff)
    cfg.test_cfg.bbox_head.nms = dict(type='fast_nms', iou_threshold=0.5, top_k=200)
    return cfg


def images(count=2, size=SIZE):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(count, 3, *size, generator=generator)


@pytest.fixture(scope='module')
def small_model():
    """T + S classes, for images of 160 px."""
    torch.manual_seed(0)
    cfg = shallow_config(T, S)
    cfg.semantic_head.padding = 1
    # Random weights give low scores: let some detections through.
    cfg.test_cfg.bbox_head.score_thr = 0.22
    cfg.test_cfg.panoptic.stuff_area_limit = 16
    model = MODELS.build(cfg)
    model.init_weights()
    return model
