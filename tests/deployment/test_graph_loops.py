"""A Scan inside of a Scan, as loops."""

import numpy as np
import pytest

onnx = pytest.importorskip('onnx', reason='onnx is not installed')
runtime = pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
loops_from_scans = pytest.importorskip(
    'epsnet_mm.deployment.graph_loops'
).loops_from_scans
helper, FLOAT = onnx.helper, onnx.TensorProto.FLOAT


def info(name, *shape):
    return helper.make_tensor_value_info(name, FLOAT, shape)


def running_sums(**attributes):
    """Sums along rows of x (R, C), times a factor from outside, and the last rows'."""
    inner = helper.make_graph(
        [
            helper.make_node('Mul', ['cell', 'factor'], ['term']),
            helper.make_node('Add', ['sum', 'term'], ['next']),
            helper.make_node('Identity', ['next'], ['so_far']),
        ],
        'cells',
        [info('sum'), info('cell')],
        [info('next'), info('so_far')],
    )
    outer = helper.make_graph(
        [
            helper.make_node(
                'Scan',
                ['start', 'row'],
                ['total', 'sums'],
                'inner',
                body=inner,
                num_scan_inputs=1,
            ),
            helper.make_node('Identity', ['total'], ['carried']),
        ],
        'rows',
        [info('old'), info('row', None)],
        [info('carried'), info('sums', None)],
    )
    node = helper.make_node(
        'Scan',
        ['start', 'x'],
        ['last', 'y'],
        'outer',
        body=outer,
        num_scan_inputs=1,
        **attributes,
    )
    return helper.make_graph(
        [node],
        'sums',
        [info('x', 'R', 'C'), info('factor')],
        [info('last'), info('y', 'R', 'C')],
        [onnx.numpy_helper.from_array(np.float32(10), 'start')],
    )


def test_loops_compute_the_same():
    graph = running_sums()

    loops_from_scans(graph)

    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid('', 20)], ir_version=10
    )
    onnx.checker.check_model(model, full_check=True)
    assert b'Scan' not in model.SerializeToString()
    session = runtime.InferenceSession(model.SerializeToString())
    x = np.float32([[1, 2, 3], [4, 5, 6]])
    last, sums = session.run(None, dict(x=x, factor=np.array(2, np.float32)))
    assert sums.tolist() == [[12, 16, 22], [18, 28, 40]]
    assert last == 40


def test_other_scans_are_not_mistaken():
    graph = running_sums(scan_input_directions=[1])

    with pytest.raises(NotImplementedError, match='outer has scan_input_directions'):
        loops_from_scans(graph)
