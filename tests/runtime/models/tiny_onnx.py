"""A tiny file that follows the contract of exported networks.

Pixels whose first channel is above 127 are segment 1 of the first class, all others
void. Each image has one segment, whose score is the score threshold.
"""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper

METADATA = dict(
    format_version=1,
    classes=[
        dict(name='disc', isthing=1, color=[200, 100, 0], id=7),
        dict(name='sand', isthing=0, color=[0, 0, 255], id=None),
    ],
    channel_order='bgr',
    network_size=[32, 32],
    precision='fp32',
    defaults=dict(score_threshold=0.25),
    config='tiny',
    config_hash='0' * 64,
    versions=dict(epsnet_mm='0.2.0', torch='2.13.0', onnx='1.23.2'),
)


def write_tiny_onnx(path, metadata=METADATA, label=0) -> str:
    """Write the file; metadata None leaves it out."""
    node, i64 = helper.make_node, TensorProto.INT64
    constants = [
        helper.make_tensor(name, i64, [len(values)], values)
        for name, values in dict(
            zero=[0], one=[1], three=[3], axes=[1, 2], label=[label], height=[1]
        ).items()
    ]
    constants += [
        helper.make_tensor('scalar0', i64, [], [0]),
        helper.make_tensor('scalar1', i64, [], [1]),
        helper.make_tensor('limit', TensorProto.UINT8, [], [127]),
        helper.make_tensor('score_threshold', TensorProto.FLOAT, [], [0.25]),
    ]
    nodes = [
        node('Slice', ['image', 'zero', 'one', 'three'], ['first4']),
        node('Squeeze', ['first4', 'three'], ['first']),
        node('Greater', ['first', 'limit'], ['bright']),
        node('Cast', ['bright'], ['panoptic_map'], to=TensorProto.INT32),
        node('Shape', ['image'], ['shape']),
        node('Gather', ['shape', 'scalar0'], ['n']),
        node('Range', ['scalar0', 'n', 'scalar1'], ['segment_image']),
        node('Shape', ['segment_image'], ['count']),
        node('Expand', ['one', 'count'], ['segment_number']),
        node('Expand', ['label', 'count'], ['segment_class']),
        node('Expand', ['score_threshold', 'count'], ['segment_score']),
        node('Cast', ['bright'], ['ones'], to=i64),
        node('ReduceSum', ['ones', 'axes'], ['segment_area'], keepdims=0),
        node('Slice', ['shape', 'one', 'three'], ['size']),
        node('Split', ['size'], ['h', 'w'], num_outputs=2),
        node('Concat', ['zero', 'zero', 'w', 'h'], ['corners'], axis=0),
        node('Unsqueeze', ['corners', 'zero'], ['row']),
        node('Concat', ['count', 'one'], ['repeats'], axis=0),
        node('Tile', ['row', 'repeats'], ['boxes']),
        node('Cast', ['boxes'], ['segment_box'], to=TensorProto.FLOAT),
    ]
    info = helper.make_tensor_value_info
    outputs = [info('panoptic_map', TensorProto.INT32, ['N', 'H', 'W'])]
    outputs += [
        info(f'segment_{name}', kind, ['S'])
        for name, kind in (
            ('image', i64),
            ('number', i64),
            ('class', i64),
            ('score', TensorProto.FLOAT),
            ('area', i64),
        )
    ]
    outputs.append(info('segment_box', TensorProto.FLOAT, ['S', 4]))
    inputs = [
        info('image', TensorProto.UINT8, ['N', 'H', 'W', 3]),
        info('score_threshold', TensorProto.FLOAT, []),
    ]
    graph = helper.make_graph(nodes, 'tiny', inputs, outputs, constants)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid('', 20)], ir_version=10
    )
    if metadata is not None:
        helper.set_model_props(model, dict(epsnet=json.dumps(metadata)))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))
    return str(path)


def half_bright(height=10, width=20) -> np.ndarray:
    """(H, W, 3) uint8 BGR: the left half is segment 1 of the tiny network."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = 200
    return pixels
