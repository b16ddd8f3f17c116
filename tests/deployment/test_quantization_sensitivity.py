"""Which parts are told apart."""

import pytest

onnx = pytest.importorskip('onnx', reason='onnx is not installed')
network_parts = pytest.importorskip(
    'epsnet_mm.deployment.quantization_sensitivity'
).network_parts

NAMES = [
    'prepare/Conv_0',
    'network/model/backbone/layers/0/bn/Conv_1',
    'network/model/backbone/layers/1/0/conv/Conv_2',
    'network/model/backbone/layers/1/1/conv/Conv_3',
    'network/model/neck/fpn_convs/0/conv/Conv_3',
    'network/model/fusion_neck/key/Conv_4',
    'network/model/bbox_head/cls_convs/0/conv/Conv_5',
    'network/model/bbox_head/conv_cls/Conv_6',
    'network/model/bbox_head/cls_convs/0/conv/Conv_7',
]


def test_backbones_are_split_into_stages_and_heads_into_kinds():
    nodes = [onnx.helper.make_node('Conv', [x, 'w'], [f'y{x}'], x) for x in NAMES]
    graph = onnx.helper.make_graph(nodes, 'names', [], [])

    assert [x.removeprefix('network/model/') for x in network_parts(graph)] == [
        'backbone/layers/0/',
        'backbone/layers/1/',
        'neck/',
        'fusion_neck/',
        'bbox_head/cls_convs/',
        'bbox_head/conv_cls/',
    ]


def test_stages_of_resnets():
    names = ['bn1/Conv_0', 'layer1/0/bn1/Conv_1', 'layer1/1/bn1/Conv_2']
    nodes = [
        onnx.helper.make_node('Conv', [x, 'w'], [x], f'network/model/backbone/{x}')
        for x in names
    ]
    graph = onnx.helper.make_graph(nodes, 'names', [], [])

    assert network_parts(graph) == [
        'network/model/backbone/bn1/',
        'network/model/backbone/layer1/',
    ]
