"""Names and layouts of the authors' weights."""

import json
from pathlib import Path

from epsnet_mm.models.converters.release_weights import convert_tensor, target_key

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope='module', params=[50, 101])
def release(request):
    """Shapes by name in a release, and our model of that depth."""
    init_default_scope('mmdet')
    cfg = Config.fromfile(ROOT / 'configs/_base_/models/epsnet_r50_fpn.py').model
    cfg.backbone.update(depth=request.param, init_cfg=None)
    cfg.semantic_head.num_unused_classes = 1
    keys = ROOT / f'tests/data/release_keys_r{request.param}.json'
    return json.loads(keys.read_text()), MODELS.build(cfg)


def test_keys_and_entries_correspond_one_to_one(release):
    shapes, model = release

    targets = [target_key(key) for key in shapes]

    assert len(set(targets)) == len(targets)
    assert set(targets) == model.state_dict().keys()


def test_shapes_agree(release):
    shapes, model = release
    entries = model.state_dict()

    for key, shape in shapes.items():
        assert list(entries[target_key(key)].shape) == shape, key


def test_parameters_of_r101():
    shapes = json.loads((ROOT / 'tests/data/release_keys_r101.json').read_text())
    statistics = ('running_mean', 'running_var', 'num_batches_tracked')

    count = sum(
        torch.Size(shape).numel()
        for key, shape in shapes.items()
        if not key.endswith(statistics)
    )

    assert count == 51_313_759  # 51.3 M


@pytest.mark.parametrize(
    ('key', 'target'),
    [
        ('backbone.conv1.weight', 'backbone.conv1.weight'),
        ('backbone.layers.0.0.conv1.weight', 'backbone.layer1.0.conv1.weight'),
        ('backbone.layers.3.2.bn3.running_var', 'backbone.layer4.2.bn3.running_var'),
        # Listed from C5 down to C3 there, from C3 up here.
        ('fpn.lat_layers.0.weight', 'neck.lateral_convs.2.conv.weight'),
        ('fpn.pred_layers.2.bias', 'neck.fpn_convs.0.conv.bias'),
        ('fpn.downsample_layers.1.bias', 'neck.fpn_convs.4.conv.bias'),
        ('CALayer.query_conv.weight', 'fusion_neck.query.weight'),
        ('proto_net.3.weight', 'prototype_head.convs.1.conv.weight'),
        ('proto_net.7.bias', 'prototype_head.convs.2.gn.bias'),
        ('semantic_seg_conv.3.bias', 'semantic_head.to_coeffs.bias'),
    ],
)
def test_names_by_hand(key, target):
    assert target_key(key) == target


@pytest.mark.parametrize(
    'key',
    [
        'head.weight',
        'proto_net.2.weight',
        'prediction_layers.1.bbox_layer.weight',
        'backbone.layer1.0.conv1.weight',
        'module.backbone.conv1.weight',
        '',
    ],
)
def test_unknown_names(key):
    assert target_key(key) is None


@pytest.mark.parametrize(
    ('key', 'classes'), [('bbox_head.conv_cls', 81), ('semantic_head.to_coeffs', 55)]
)
def test_the_first_class_of_each_group_moves_last(key, classes):
    # Two groups (anchors or prototypes), channels numbered.
    channels = torch.arange(2.0 * classes)

    bias = convert_tensor(f'{key}.bias', channels)
    weight = convert_tensor(f'{key}.weight', channels[:, None, None, None])

    first, second = range(1, classes), range(classes + 1, 2 * classes)
    assert bias.tolist() == [*first, 0, *second, classes]
    assert weight.shape == (2 * classes, 1, 1, 1)
    assert weight.flatten().equal(bias)


def test_other_tensors_stay_as_they_are():
    tensor = torch.rand(81, 3)

    assert convert_tensor('bbox_head.conv_reg.weight', tensor) is tensor
