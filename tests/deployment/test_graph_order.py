"""Nodes in the order of what they read."""

import pytest

onnx = pytest.importorskip('onnx', reason='onnx is not installed')
sort_nodes = pytest.importorskip('epsnet_mm.deployment.graph_order').sort_nodes
helper = onnx.helper


def node(name, inputs, **attributes):
    kind = 'Loop' if attributes else 'Relu'
    return helper.make_node(kind, inputs, [name], name, **attributes)


def order(*nodes):
    graph = helper.make_graph(nodes, 'graph', [], [])
    sort_nodes(graph)
    return [x.name for x in graph.node]


def test_what_is_in_order_stays():
    assert order(node('a', ['x']), node('b', ['x']), node('c', ['a'])) == list('abc')


def test_a_loop_comes_after_what_its_body_reads():
    inner = helper.make_graph([node('t', ['b']), node('u', ['t'])], 'body', [], [])

    assert order(
        node('loop', ['x'], body=inner), node('a', ['x']), node('b', ['a'])
    ) == [
        'a',
        'b',
        'loop',
    ]


def test_a_circle():
    with pytest.raises(ValueError, match='a and other nodes wait for each other'):
        order(node('a', ['b']), node('b', ['a']))
