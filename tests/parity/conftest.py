"""The network with the deterministic weights of the golden numbers."""

import json
from pathlib import Path

from epsnet_mm.models.converters.release_weights import convert_state_dict

import pytest
import torch
from fixtures import fill
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='session')
def release_model():
    """The release config of ResNet-101, its weights taken through the converter."""
    init_default_scope('mmdet')
    cfg = Config.fromfile(ROOT / 'configs/epsnet/epsnet_r101_fpn_coco_release.py')
    model = MODELS.build(cfg.model)
    shapes = json.loads((ROOT / 'tests/data/release_keys_r101.json').read_text())
    released = {
        key: torch.from_numpy(fill(key, tuple(shape))) for key, shape in shapes.items()
    }
    converted, _ = convert_state_dict(released, model.state_dict())
    model.load_state_dict(converted)
    return model
