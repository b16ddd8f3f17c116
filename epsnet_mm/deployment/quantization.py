"""Eight bits in place of 32 for the layers of an exported network."""

import copy
import logging
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import onnx
import onnxruntime
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)

from .calibration_images import CalibrationImages
from .graph_order import sort_nodes

#: The stage that is quantized. Resizing and post-processing stay in floating point.
STAGE = 'network/model/'

#: Parts of the network that stay in floating point, by the beginning of their nodes'
#: names. `tools/deployment/quantization_sensitivity.py` measures what each part costs.
#: These are EfficientNet-Lite's first two: noise of theirs passes through all others.
KEEP_FLOAT = (f'{STAGE}backbone/layers/0/', f'{STAGE}backbone/layers/1/')

# Levels of onnxruntime's log; it starts with the second.
_ERROR, _WARNING = 3, 2

# What passes bytes on without arithmetic in floats, if its inputs are bytes.
_FOLLOWERS = ('Add', 'Clip', 'Concat', 'MaxPool', 'Relu', 'Resize')


def quantized_nodes(
    graph: onnx.GraphProto, keep_float: Iterable[str] = KEEP_FLOAT
) -> list[str]:
    """Names of the nodes that compute with bytes: convolutions and what follows them.

    Args:
        graph: Of an exported network.
        keep_float: Beginnings of the names of nodes that stay in floating point.
    """
    kept = tuple(keep_float)
    found, in_bytes = [], set()
    for node in graph.node:
        if not node.name.startswith(STAGE) or node.name.startswith(kept):
            continue
        # Those of Resize and Clip after the first are sizes and limits.
        sources = node.input if node.op_type in ('Add', 'Concat') else node.input[:1]
        if node.op_type == 'Conv' or (
            node.op_type in _FOLLOWERS and in_bytes.issuperset(sources)
        ):
            found.append(node.name)
            in_bytes.update(node.output)
    return found


def quantize_network(
    model: onnx.ModelProto,
    images: CalibrationDataReader | None,
    keep_float: Sequence[str] = KEEP_FLOAT,
    ranges: str | Path | None = None,
    float_outputs: bool = False,
) -> onnx.ModelProto:
    """Quantize the network of an exported model: weights per channel, static ranges.

    Args:
        model: In fp32; see `to_onnx`.
        images: What the ranges of activations are measured on.
        keep_float: See `quantized_nodes`.
        ranges: File of the measured ranges. One that is there is read, and no image
            is needed then.
        float_outputs: Convolutions pass floats on to what is not quantized. OpenVINO
            has such ones; onnxruntime would compute them in floats.

    Returns:
        The model, with pairs of QuantizeLinear and DequantizeLinear.
    """
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter('ignore')
        # It asks for a preparation that exported networks do not need, and warns of
        # their optional inputs.
        logging.disable(logging.WARNING)
        onnxruntime.set_default_logger_severity(_ERROR)
        out = Path(folder, 'quantized.onnx')
        try:
            quantize_static(
                # Calibration moves its weights to a file, which is gone at the end.
                copy.deepcopy(model),
                out,
                images,
                quant_format=QuantFormat.QDQ,
                op_types_to_quantize=['Conv', *_FOLLOWERS],
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                nodes_to_quantize=quantized_nodes(model.graph, keep_float),
                calibration_cache_path=ranges,
                extra_options=dict(
                    OpTypesToExcludeOutputQuantization=['Conv'] * float_outputs
                ),
            )
        finally:
            logging.disable(logging.NOTSET)
            onnxruntime.set_default_logger_severity(_WARNING)
        quantized = onnx.load(out)
    quantized.producer_name = model.producer_name
    quantized.producer_version = model.producer_version
    # It does not see what loops read. It also adds notes of its own.
    sort_nodes(quantized.graph)
    del quantized.metadata_props[:]
    quantized.metadata_props.extend(model.metadata_props)
    return quantized


def quantize_calibrated(
    model: onnx.ModelProto,
    images: str | Sequence[str],
    channel_order: str,
    float_outputs: bool = False,
) -> onnx.ModelProto:
    """Quantize the network with images of a user.

    Args:
        model: In fp32; see `to_onnx`.
        images: See `CalibrationImages`, which says what it raises.
        channel_order: Of the file's input, 'bgr' or 'rgb'.
        float_outputs: See `quantize_network`.
    """
    return quantize_network(
        model, CalibrationImages(images, channel_order), float_outputs=float_outputs
    )
