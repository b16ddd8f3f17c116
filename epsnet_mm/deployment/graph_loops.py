"""Loops of an exported graph in the form that all runtimes have."""

import onnx
from onnx import TensorProto, helper


def loops_from_scans(graph: onnx.GraphProto) -> None:
    """Replace each Scan by a Loop that takes its slices by their number.

    Scan is what `torch.export` writes. OpenVINO has no Scan inside of another one, and
    none that uses values from outside; onnxruntime is as fast with either.

    Args:
        graph: It is changed, and so are the graphs inside of it.
    """
    nodes = []
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                loops_from_scans(attribute.g)
        nodes += _loop(node) if node.op_type == 'Scan' else [node]
    del graph.node[:]
    graph.node.extend(nodes)


def _loop(scan: onnx.NodeProto) -> list[onnx.NodeProto]:
    """The nodes that stand for a Scan over the first axis.

    Raises:
        NotImplementedError: It scans along another axis, or backwards.
    """
    values = {x.name: helper.get_attribute_value(x) for x in scan.attribute}
    body, count = values.pop('body'), values.pop('num_scan_inputs')
    if any(any(x) for x in values.values()):
        raise NotImplementedError(f'{scan.name} has {", ".join(values)}.')
    name = scan.name
    states = len(scan.input) - count
    step, proceeds, still = f'{name}/step', f'{name}/proceeds', f'{name}/still'
    slices = [
        helper.make_node(
            'Gather', [source, step], [part.name], f'{name}/Slice_{i}', axis=0
        )
        for i, (source, part) in enumerate(
            zip(scan.input[states:], body.input[states:], strict=True)
        )
    ]
    go_on = helper.make_node('Identity', [proceeds], [still], f'{name}/Identity')
    info = helper.make_tensor_value_info
    loop_body = helper.make_graph(
        [*slices, *body.node, go_on],
        body.name,
        [
            info(step, TensorProto.INT64, []),
            info(proceeds, TensorProto.BOOL, []),
            *body.input[:states],
        ],
        [info(still, TensorProto.BOOL, []), *body.output],
        body.initializer,
        value_info=body.value_info,
    )
    true = helper.make_tensor('true', TensorProto.BOOL, [], [True])
    size, steps, start = f'{name}/size', f'{name}/steps', f'{name}/start'
    node = helper.make_node
    return [
        node('Shape', [scan.input[states]], [size], f'{name}/Shape', start=0, end=1),
        node('Squeeze', [size], [steps], f'{name}/Squeeze'),
        node('Constant', [], [start], f'{name}/Constant', value=true),
        node(
            'Loop',
            [steps, start, *scan.input[:states]],
            scan.output,
            name,
            body=loop_body,
        ),
    ]
