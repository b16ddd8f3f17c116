"""Which parts are told apart."""

import pytest

onnx = pytest.importorskip('onnx', reason='onnx is not installed')
network_parts = pytest.importorskip(
    'epsnet_mm.deployment.quantization_sensitivity'
).network_parts

NAMES = [
    'prepare/Conv_0',
    'network/model/backbone/layers/0/Conv_1',
    'network/model/backbone/layers/1/Conv_2',
    'network/model/neck/fpn_convs/0/conv/Conv_3',
    'network/model/fusion_neck/key/Conv_4',
    'network/model/bbox_head/cls_convs/0/conv/Conv_5',
    'network/model/bbox_head/conv_cls/Conv_6',
    'network/model/bbox_head/cls_convs/0/conv/Conv_7',
]


def test_heads_are_split_and_backbones_are_not():
    nodes = [onnx.helper.make_node('Conv', [x, 'w'], [f'y{x}'], x) for x in NAMES]
    graph = onnx.helper.make_graph(nodes, 'names', [], [])

    assert [x.removeprefix('network/model/') for x in network_parts(graph)] == [
        'backbone/',
        'neck/',
        'fusion_neck/',
        'bbox_head/cls_convs/',
        'bbox_head/conv_cls/',
    ]
