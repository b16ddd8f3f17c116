"""Stages and detections of the detectors that are compared."""

from benchmarks.measurement.clock import StageClock
from benchmarks.measurement.detections import synthetic_detections
from benchmarks.measurement.detectors import (
    DETECTORS,
    KINDS,
    build_detector,
    find_detector,
    load_model_config,
    time_stages,
    use_detections,
)
from tests.requirements import needs_ops

import pytest
import torch
from mmdet.structures import DetDataSample
from torch import nn

SMALL = '_base_/models/epsnet_r18_fpn.py'


@pytest.fixture(scope='module')
def configs(request):
    return request.config.rootpath / 'configs'


def predict(model, size=(96, 96), original=(60, 80)):
    meta = dict(
        img_shape=size,
        batch_input_shape=size,
        ori_shape=original,
        scale_factor=(size[1] / original[1], size[0] / original[0]),
    )
    return model.predict(torch.randn(1, 3, *size), [DetDataSample(metainfo=meta)])[0]


@pytest.mark.parametrize('name', DETECTORS)
def test_configs_are_there_and_their_stages_known(name, configs):
    cfg = load_model_config(DETECTORS[name].config, configs)

    depth = 101 if 'r101' in name else 50
    assert cfg.type in KINDS
    assert cfg.backbone.depth == depth


def test_a_config_file_is_a_detector(tmp_path):
    path = tmp_path / 'mine.py'
    path.write_text('')

    assert find_detector(str(path)).title == 'mine'


def test_an_unknown_detector():
    with pytest.raises(ValueError, match='neither a config file nor one of'):
        find_detector('epsnet-r102')


def test_a_detector_of_unknown_stages(configs):
    with pytest.raises(ValueError, match='is a RetinaNet; the benchmark knows'):
        build_detector('mmdet::retinanet/retinanet_r50_fpn_1x_coco.py', configs)


@torch.no_grad()
def test_given_detections_and_stages(configs):
    model = build_detector(SMALL, configs)
    clock = StageClock('cpu')
    use_detections(model, 7, input_size=(96, 96), original_size=(60, 80))
    time_stages(model, clock)

    with clock.stage('network'):
        found = predict(model).pred_instances

    wanted = synthetic_detections(7)
    assert found.labels.equal(wanted.labels)
    torch.testing.assert_close(
        found.bboxes, wanted.boxes * torch.tensor([80, 60, 80, 60])
    )
    times = clock.read()
    assert set(times) == {'network', 'post-process'}
    assert min(times.values()) > 0


@torch.no_grad()
def test_same_outputs_folded_and_in_channels_last(configs):
    image = torch.randn(1, 3, 96, 96)
    outputs = [
        build_detector(SMALL, configs, **options)(image)
        for options in ({}, dict(fuse=True), dict(channels_last=True))
    ]

    for other in outputs[1:]:
        torch.testing.assert_close(other[-1], outputs[0][-1], atol=1e-3, rtol=1e-3)


def test_folding_leaves_no_batch_normalization(configs):
    model = build_detector(SMALL, configs, fuse=True)

    assert not [x for x in model.modules() if isinstance(x, nn.BatchNorm2d)]


@pytest.mark.slow
@needs_ops
@pytest.mark.parametrize('name', ['panoptic-fpn-r50', 'yolact-r101'])
@torch.no_grad()
def test_baselines_get_the_same_detections(name, configs):
    model = build_detector(DETECTORS[name].config, configs)
    clock = StageClock('cpu')
    use_detections(model, 5, input_size=(96, 96), original_size=(60, 80))
    time_stages(model, clock)
    results = []
    head = model.mask_head if name.startswith('yolact') else model.roi_head.mask_head
    original = head.predict_by_feat
    head.predict_by_feat = lambda *args, results_list, **kwargs: (
        results.extend(results_list)
        or original(*args, results_list=results_list, **kwargs)
    )

    with clock.stage('network'):
        sample = predict(model)

    assert len(results) == 1
    assert len(results[0].labels) == 5
    assert set(clock.read()) == {'network', 'post-process'}
    if name.startswith('yolact'):
        assert sample.pred_instances.masks.shape == (5, 60, 80)
    else:
        assert sample.pred_panoptic_seg.sem_seg.shape == (1, 60, 80)
