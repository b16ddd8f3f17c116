"""An untrained network and images for it."""

from epsnet_mm.datasets.synthetic.shapes import make_shapes
from epsnet_mm.engine.runner_config import load_config

import pytest
import torch
from mmdet.registry import DATASETS, MODELS

SIZE = 96


@pytest.fixture
def untrained(tmp_path, repo_root):
    """An untrained network, three images of shapes, and the metric's config."""
    make_shapes(str(tmp_path), train=1, val=3, size=SIZE)
    cfg = load_config(
        str(repo_root / 'configs/epsnet/epsnet_r18_fpn_shapes.py'),
        {'test_dataloader.dataset.data_root': str(tmp_path)},
    )
    for transform in cfg.test_dataloader.dataset.pipeline:
        if 'scale' in transform:
            transform['scale'] = (SIZE, SIZE)
    for key in ('ann_file', 'seg_prefix'):
        path = tmp_path / 'annotations/panoptic_val'
        path = path.with_suffix('.json') if key == 'ann_file' else path
        cfg.test_evaluator[key] = str(path)
    cfg.model.backbone.init_cfg = None
    cfg.model.test_cfg.bbox_head.score_thr = 0.0
    torch.manual_seed(0)
    model = MODELS.build(cfg.model).eval()
    return model, DATASETS.build(cfg.test_dataloader.dataset), cfg
