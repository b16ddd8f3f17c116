"""Weights of 16 bits, on a graph made by hand."""

import numpy as np
import pytest

onnx = pytest.importorskip('onnx', reason='onnx is not installed')
runtime = pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
halve_weights = pytest.importorskip('epsnet_mm.deployment.half_precision').halve_weights
helper = onnx.helper


def make_model(weight, place='network/model/Conv_0', count=5000):
    """One channel to `count` ones, each times the same weight."""
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node('Conv', ['x', 'w'], ['y'], name=place)],
        'hand',
        [info('x', onnx.TensorProto.FLOAT, ['N', 1, 'H', 'W'])],
        [info('y', onnx.TensorProto.FLOAT, ['N', count, 'H', 'W'])],
        [onnx.numpy_helper.from_array(np.full((count, 1, 1, 1), weight, 'f'), 'w')],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid('', 20)], ir_version=10
    )


def test_weights_are_rounded_and_arithmetic_is_not():
    model = make_model(1 / 3)

    halve_weights(model)

    onnx.checker.check_model(model, full_check=True)
    (weight,) = model.graph.initializer
    assert weight.data_type == onnx.TensorProto.FLOAT16
    session = runtime.InferenceSession(model.SerializeToString())
    # No half-precision number is as near to this product.
    (found,) = session.run(None, dict(x=np.float32([[[[1.001]]]])))
    assert (found == np.float32(np.float16(1 / 3)) * np.float32(1.001)).all()


@pytest.mark.parametrize(
    ('weight', 'place', 'count'),
    [
        pytest.param(1e5, 'network/model/Conv_0', 5000, id='large numbers'),
        pytest.param(1.0, 'segments/Conv_0', 5000, id='post-processing'),
        pytest.param(1.0, 'network/model/Conv_0', 4999, id='few numbers'),
    ],
)
def test_what_stays(weight, place, count):
    model = make_model(weight, place, count)
    before = model.SerializeToString()

    halve_weights(model)

    assert model.SerializeToString() == before
