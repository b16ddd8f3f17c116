"""A small network from image array to panoptic map."""

from pathlib import Path

from benchmarks.measurement.detectors import initialize, load_config
from benchmarks.measurement.latency import synthetic_image
from benchmarks.measurement.leaderboard.row import Row
from benchmarks.measurement.leaderboard.torch_worker import (
    TorchPipeline,
    accept_all,
    input_resize,
)

import numpy as np
import pytest
import torch

CONFIGS = Path(__file__).parents[4] / 'configs'
SMALL = 'epsnet/epsnet_r18_fpn_shapes.py'
IMAGE = synthetic_image((60, 80), seed=0)


@pytest.mark.parametrize('precision', ['fp32', 'bf16'])
def test_map(precision):
    pipeline = TorchPipeline(
        Row('A', config=SMALL, precision=precision, size=(96, 128)), IMAGE
    )

    panoptic = pipeline.predict()

    assert panoptic.shape == (60, 80)
    assert pipeline.input_size() == (96, 128)
    # Random weights find something, as thresholds are 0.
    assert len(np.unique(panoptic)) > 3
    parameters = sum(x.numel() for x in pipeline.model.parameters())
    assert pipeline.megabytes == pytest.approx(4e-6 * parameters, rel=0.01)


def test_weights_of_a_checkpoint(tmp_path):
    weights = initialize(load_config(SMALL, CONFIGS).model, seed=1).state_dict()
    torch.save(dict(state_dict=weights, meta={}), tmp_path / 'a.pth')

    pipeline = TorchPipeline(
        Row('A', config=SMALL, size=(96, 96), checkpoint=str(tmp_path / 'a.pth')), IMAGE
    )

    name = 'fusion_neck.query.weight'
    assert pipeline.model.state_dict()[name].equal(weights[name])
    # Its own thresholds hold.
    assert pipeline.model.bbox_head.test_cfg.score_thr > 0


def test_input_size_is_given_or_the_configs():
    cfg = load_config('mmdet::panoptic_fpn/panoptic-fpn_r50_fpn_1x_coco.py', CONFIGS)

    assert input_resize(cfg, (550, 600))['scale'] == (600, 550)
    own = input_resize(cfg, None)
    assert (own.scale, own.keep_ratio) == ((1333, 800), True)


@pytest.mark.parametrize(
    ('config', 'path'),
    [
        (SMALL, 'bbox_head.score_thr'),
        ('mmdet::maskformer/maskformer_r50_ms-16xb1-75e_coco.py', 'object_mask_thr'),
    ],
)
def test_random_weights_may_find_anything(config, path):
    model = load_config(config, CONFIGS).model

    accept_all(model)

    found = model.test_cfg
    for key in path.split('.'):
        found = found[key]
    assert found == 0
