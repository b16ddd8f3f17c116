"""Errors that are said before the work begins."""

from epsnet_mm.deployment import export_check
from epsnet_mm.deployment.export_check import (
    check_network,
    check_precision,
    check_target,
)

import pytest
from mmdet.registry import MODELS
from mmengine.registry import init_default_scope
from torch import nn

from .small_export import small_config


@pytest.fixture
def model(repo_root):
    init_default_scope('mmdet')  # as the runner does
    return MODELS.build(small_config(repo_root).model)


def test_a_suffix_of_another_format(tmp_path):
    with pytest.raises(ValueError, match=r'its suffix must be \.onnx'):
        check_target(tmp_path / 'x.pth', 'onnx')


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(ValueError, match='does not exist: make it first'):
        check_target(tmp_path / 'no/x.onnx', 'onnx')


def test_a_package_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(export_check, 'find_spec', lambda name: None)

    with pytest.raises(ValueError, match='run `pip install onnx onnxscript`'):
        check_target(tmp_path / 'x.onnx', 'onnx')


def test_int8_without_images():
    with pytest.raises(ValueError, match='int8 needs --calibration IMAGES'):
        check_precision('int8', None)


@pytest.mark.parametrize('precision', ['fp32', 'fp16'])
def test_images_without_int8(precision):
    check_precision(precision, None)

    with pytest.raises(ValueError, match=f'the precision is {precision}: leave one'):
        check_precision(precision, ['images'])


def test_int8_with_a_folder_without_images(tmp_path, monkeypatch):
    monkeypatch.setattr(export_check, 'find_spec', lambda name: True)

    with pytest.raises(ValueError, match=str(tmp_path)):
        check_precision('int8', [str(tmp_path)])


def test_int8_without_its_runtime(monkeypatch):
    monkeypatch.setattr(export_check, 'find_spec', lambda name: None)

    with pytest.raises(ValueError, match='run `pip install onnxruntime`'):
        check_precision('int8', ['images'])


def test_an_epsnet_can_be_exported(model):
    check_network(model)


def test_another_detector():
    with pytest.raises(ValueError, match='only EPSNet can be exported'):
        check_network(nn.Linear(1, 1))


def test_deformable_convolutions(model):
    class DeformConv2d(nn.Conv2d):
        """Stands for mmcv's."""

    model.backbone.conv1 = DeformConv2d(3, 64, 7)

    with pytest.raises(ValueError, match=r'backbone\.conv1 is a deformable'):
        check_network(model)


def test_an_nms_of_mmcv(model):
    model.bbox_head.test_cfg.nms = dict(type='soft_nms', iou_threshold=0.5)

    with pytest.raises(ValueError, match=r'soft_nms.*cannot be exported'):
        check_network(model)
