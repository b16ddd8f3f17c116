"""The order of an exported graph's nodes."""

import onnx


def sort_nodes(graph: onnx.GraphProto) -> None:
    """Put each node behind those whose outputs it reads, also inside of its loops.

    Args:
        graph: It is changed; the graphs inside of it are not.

    Raises:
        ValueError: Nodes wait for each other.
    """
    waiting = list(graph.node)
    made = {name for node in waiting for name in node.output}
    ready: set[str] = set()
    ordered: list[onnx.NodeProto] = []
    while waiting:
        later = []
        for node in waiting:
            if (_read(node) & made) <= ready:
                ordered.append(node)
                ready.update(node.output)
            else:
                later.append(node)
        if len(later) == len(waiting):
            raise ValueError(f'{later[0].name} and other nodes wait for each other.')
        waiting = later
    del graph.node[:]
    graph.node.extend(ordered)


def _read(node: onnx.NodeProto) -> set[str]:
    """Names that a node reads; of the graphs inside, all names."""
    names = set(node.input)
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            inner = attribute.g
            names.update(*(_read(x) for x in inner.node))
            names.update(x.name for x in inner.output)
            names.difference_update(*(x.output for x in inner.node))
    return names
