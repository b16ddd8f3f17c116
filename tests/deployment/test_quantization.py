"""Bytes in the network's stage, on a graph made by hand."""

import numpy as np
import pytest

onnx = pytest.importorskip('onnx', reason='onnx is not installed')
runtime = pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
quantization = pytest.importorskip('epsnet_mm.deployment.quantization')
helper = onnx.helper

# A residual block, the affine layer after a normalization, and post-processing.
NODES = [
    ('prepare/Cast', 'Cast', ['image'], 'pixels', dict(to=1)),
    ('prepare/Transpose', 'Transpose', ['pixels'], 'x', dict(perm=[0, 3, 1, 2])),
    ('network/model/backbone/Conv_0', 'Conv', ['x', 'w0'], 'a', {}),
    ('network/model/backbone/Relu_1', 'Relu', ['a'], 'b', {}),
    ('network/model/backbone/Conv_2', 'Conv', ['b', 'w1'], 'c', {}),
    ('network/model/backbone/Add_3', 'Add', ['c', 'b'], 'd', {}),
    ('network/model/head/Mul_4', 'Mul', ['d', 'factor'], 'e', {}),
    ('network/model/head/Add_5', 'Add', ['e', 'd'], 'f', {}),
    ('network/model/head/Conv_6', 'Conv', ['f', 'w1'], 'g', {}),
    ('segments/Relu_7', 'Relu', ['g'], 'y', {}),
]
BACKBONE = [x[0] for x in NODES[2:6]]


@pytest.fixture
def model():
    generator = np.random.default_rng(0)
    weights = [
        onnx.numpy_helper.from_array(
            generator.normal(size=(32, inputs, 1, 1)).astype(np.float32), name
        )
        for name, inputs in (('w0', 3), ('w1', 32))
    ]
    weights.append(onnx.numpy_helper.from_array(np.float32(0.5), 'factor'))
    nodes = [
        helper.make_node(kind, inputs, [output], name=name, **attributes)
        for name, kind, inputs, output, attributes in NODES
    ]
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        'hand',
        [info('image', onnx.TensorProto.UINT8, ['N', 'H', 'W', 3])],
        [info('y', onnx.TensorProto.FLOAT, ['N', 32, 'H', 'W'])],
        weights,
    )
    made = helper.make_model(
        graph, opset_imports=[helper.make_opsetid('', 20)], ir_version=10
    )
    made.producer_name = 'epsnet_mm'
    helper.set_model_props(made, dict(epsnet='{}'))
    return made


class Images:
    """Three images of noise, for calibration."""

    def __init__(self):
        generator = np.random.default_rng(1)
        self.rest = [
            generator.integers(0, 256, (1, 8, 9, 3), np.uint8) for _ in range(3)
        ]

    def get_next(self):
        return dict(image=self.rest.pop()) if self.rest else None


def output(model, image):
    session = runtime.InferenceSession(model.SerializeToString())
    (found,) = session.run(None, dict(image=image))
    return found


def test_convolutions_and_what_passes_bytes_on(model):
    # Not Add_5, one of whose inputs is a float; not what is after the network.
    expected = [*BACKBONE, 'network/model/head/Conv_6']

    assert quantization.quantized_nodes(model.graph, ()) == expected


def test_parts_that_stay_in_floating_point(model):
    assert quantization.quantized_nodes(model.graph, ['network/model/head']) == BACKBONE


def test_a_quantized_model_is_near_to_its_source(model):
    image = np.random.default_rng(2).integers(0, 256, (2, 5, 7, 3), np.uint8)

    made = quantization.quantize_network(model, Images(), ())

    expected, found = output(model, image), output(made, image)
    assert 0 < np.abs(found - expected).max() < 0.05 * np.abs(expected).max()
    # Portable, and still ours.
    assert [x.domain for x in made.opset_import] == ['']
    assert made.producer_name == 'epsnet_mm'
    assert [x.key for x in made.metadata_props] == ['epsnet']
    kinds = {x.data_type for x in made.graph.initializer if len(x.dims) == 4}
    assert kinds == {onnx.TensorProto.INT8}


def test_convolutions_that_pass_floats_on(model):
    kept = quantization.quantize_network(model, Images(), ())
    made = quantization.quantize_network(model, Images(), (), float_outputs=True)

    def followers(found, name):
        (conv,) = (x for x in found.graph.node if x.name == name)
        return [x.op_type for x in found.graph.node if conv.output[0] in x.input]

    # Before the activation of the network's end, and before a convolution.
    assert followers(kept, NODES[-2][0]) == ['QuantizeLinear']
    assert followers(made, NODES[-2][0]) == ['Relu']
    assert followers(made, NODES[4][0]) == ['QuantizeLinear']
    image = np.random.default_rng(2).integers(0, 256, (1, 5, 7, 3), np.uint8)
    expected = output(model, image)
    errors = [np.abs(output(x, image) - expected).mean() for x in (kept, made)]
    assert 0 < errors[1] < errors[0]


def test_the_source_is_unchanged(model):
    source = model.SerializeToString()

    quantization.quantize_network(model, Images(), ())

    assert model.SerializeToString() == source


def test_the_first_parts_of_efficientnet_lite_stay_in_floating_point(model):
    for node in model.graph.node:
        node.name = node.name.replace('backbone', 'backbone/layers/1')

    assert quantization.quantized_nodes(model.graph) == ['network/model/head/Conv_6']


def test_measured_ranges_serve_again(model, tmp_path):
    ranges = tmp_path / 'ranges.json'
    image = np.random.default_rng(2).integers(0, 256, (1, 5, 7, 3), np.uint8)

    first = quantization.quantize_network(model, Images(), (), ranges)
    again = quantization.quantize_network(model, None, (), ranges)

    assert np.array_equal(output(first, image), output(again, image))
