"""The network with the deterministic weights of the golden numbers."""
# First: mmdet.structures needs mmcv's ops, which the package can stand in for.
import epsnet_mm  # noqa: F401

# isort: split
import json
from pathlib import Path

import pytest
import torch
from fixtures import fill
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

from epsnet_mm.utils.release_weights import convert_tensor, target_key

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='session')
def release_model():
    """EPSNet with ResNet-101, as released; its weights came by their old names."""
    init_default_scope('mmdet')
    cfg = Config.fromfile(ROOT / 'configs/_base_/models/epsnet_r50_fpn.py').model
    cfg.backbone.update(depth=101, init_cfg=None)
    cfg.semantic_head.num_unused_classes = 1  # the release's "unlabelled"
    cfg.test_cfg.bbox_head.nms = dict(type='fast_nms', iou_threshold=0.5, top_k=200)
    model = MODELS.build(cfg)
    shapes = json.loads((ROOT / 'tests/data/release_keys_r101.json').read_text())
    weights = {}
    for key, shape in shapes.items():
        name = target_key(key)
        weights[name] = convert_tensor(name, torch.from_numpy(fill(key, tuple(shape))))
    model.load_state_dict(weights)
    return model
