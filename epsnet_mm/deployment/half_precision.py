"""Weights of 16 bits for the layers of an exported network."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

_LARGEST = np.finfo(np.float16).max

# Weights of fewer numbers, such as those of depthwise convolutions, are next to nothing
# of a file, but most of what rounding changes in its maps.
_FEWEST = 5000


def halve_weights(model: onnx.ModelProto) -> None:
    """Store the large weights of convolutions in 16 bits; arithmetic stays in float32.

    A Cast follows each weight. Runtimes compute it once, when they load the file.

    Args:
        model: In fp32; see `to_onnx`. It is changed.
    """
    graph = model.graph
    names = {
        node.input[1]
        for node in graph.node
        if node.op_type == 'Conv' and node.name.startswith('network/')
    }
    casts = []
    for weight in graph.initializer:
        values = numpy_helper.to_array(weight) if weight.name in names else None
        if values is None or values.size < _FEWEST or np.abs(values).max() > _LARGEST:
            continue
        half = f'{weight.name}_fp16'
        casts.append(
            helper.make_node(
                'Cast',
                [half],
                [weight.name],
                name=f'network/weights/{weight.name}',
                to=onnx.TensorProto.FLOAT,
            )
        )
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), half))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
