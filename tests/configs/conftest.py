"""Leaf configs, and models of them that are small enough to run."""

from pathlib import Path

import epsnet_mm  # noqa: F401

import numpy as np
import pytest
import torch
from mmdet.structures import DetDataSample
from mmdet.structures.mask import BitmapMasks
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData, PixelData

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / 'configs'
# Names of version 0.1 that lead to the new ones.
OLD_NAMES = ['epsnet_r101_fpn_coco_release', 'epsnet_r50_fpn_coco_release']
LEAVES = [
    path.stem
    for path in sorted((CONFIGS / 'epsnet').glob('*.py'))
    if path.stem not in OLD_NAMES
]
SHAPES_LEAVES = [name for name in LEAVES if name.endswith('_shapes')]
PLUS_LEAVES = [name for name in LEAVES if name.startswith('epsnet-plus_')]
# The paper's network and what the paper varies.
COCO_LEAVES = [
    name for name in LEAVES if name.endswith('_coco') and name not in PLUS_LEAVES
]


def read(name):
    """The config of this name."""
    return Config.fromfile(CONFIGS / f'epsnet/{name}.py')


def load(name):
    """The config of this name, without weights to download."""
    init_default_scope('mmdet')  # as the runner does
    cfg = read(name)
    cfg.model.backbone.init_cfg = None
    return cfg


def load_thin(name):
    """The same with a backbone of a fifth of the blocks and a quarter of the width."""
    cfg = load(name)
    if cfg.model.backbone.get('depth', 0) >= 50:
        cfg.model.backbone.update(depth=50, base_channels=16)
        cfg.model.neck.in_channels = [64, 128, 256, 512]
    # Random weights are sure of nothing: let some detections through.
    cfg.model.test_cfg.bbox_head.score_thr = 0.0
    return cfg


@pytest.fixture
def make_batch():
    """`make_batch(size, num_things)`: what a data loader gives for one image.

    The image is noise with two objects, the second a crowd, on two classes of
    stuff and an unlabelled band.
    """

    def make(size, num_things):
        height, width = size
        boxes = torch.tensor([[0.1, 0.2, 0.5, 0.9], [0.6, 0.0, 0.9, 0.4]])
        boxes = (boxes * torch.tensor([width, height] * 2)).round()
        masks = np.zeros((2, height, width), np.uint8)
        semantic = torch.full((1, height, width), num_things)
        semantic[:, :, width // 2 :] = num_things + 1
        semantic[:, -height // 10 :] = 255
        for label, (mask, box) in enumerate(
            zip(masks, boxes.int().tolist(), strict=True)
        ):
            x1, y1, x2, y2 = box
            mask[y1:y2, x1:x2] = 1
            semantic[:, y1:y2, x1:x2] = label
        sample = DetDataSample(
            metainfo=dict(img_shape=size, ori_shape=(height * 3 // 4, width))
        )
        for name, i in (('gt_instances', [0]), ('ignored_instances', [1])):
            setattr(
                sample,
                name,
                InstanceData(
                    bboxes=boxes[i],
                    labels=torch.tensor(i),
                    masks=BitmapMasks(masks[i], height, width),
                ),
            )
        sample.gt_sem_seg = PixelData(sem_seg=semantic)
        generator = torch.Generator().manual_seed(0)
        pixels = torch.randint(0, 256, (3, height, width), generator=generator)
        return dict(inputs=[pixels.to(torch.uint8)], data_samples=[sample])

    return make
