"""Writes a traced network as one ONNX file."""

import json
import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.export import ExportedProgram

from .graph_loops import loops_from_scans
from .half_precision import halve_weights

#: The first one in which all of the graph's operators take the types that it has.
OPSET = 20
OUTPUTS = (
    'panoptic_map',
    'segment_image',
    'segment_number',
    'segment_class',
    'segment_score',
    'segment_area',
    'segment_box',
)
# Defaults of the optional inputs: name -> type of its values.
THRESHOLDS = dict(
    score_threshold=np.float32,
    overlap_threshold=np.float32,
    stuff_area_limit=np.int64,
)


def write_onnx(
    program: ExportedProgram,
    path: str | Path,
    metadata: dict,
    images: str | Sequence[str] | None = None,
) -> None:
    """Write and check an ONNX file.

    Args:
        program: See `trace_graph`.
        path: File to write.
        metadata: See `describe_network`; it names the precision.
        images: What INT8 is calibrated with, see `CalibrationImages`.

    Raises:
        ValueError: There is no image.
    """
    model = with_precision(to_onnx(program, metadata), metadata, images)
    onnx.save(model, str(path))
    onnx.checker.check_model(str(path), full_check=True)


def with_precision(
    model: onnx.ModelProto,
    metadata: dict,
    images: str | Sequence[str] | None,
    float_outputs: bool = False,
) -> onnx.ModelProto:
    """Give the network of a model in fp32 the precision that its metadata names.

    Args:
        model: See `to_onnx`.
        metadata: See `write_onnx`.
        images: See `write_onnx`.
        float_outputs: See `quantize_network`.
    """
    if metadata['precision'] == 'fp16':
        halve_weights(model)
    if metadata['precision'] == 'int8':
        # Needs onnxruntime, which the other precisions do without.
        from .quantization import quantize_calibrated

        model = quantize_calibrated(
            model, images, metadata['channel_order'], float_outputs
        )
    return model


def to_onnx(program: ExportedProgram, metadata: dict) -> onnx.ModelProto:
    """Translate a traced network, with defaults, metadata and names of stages."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        # Among other things, it misses torchvision, which nothing here needs.
        logging.disable(logging.WARNING)
        try:
            translated = torch.onnx.export(
                program,
                input_names=['image', *THRESHOLDS],
                output_names=list(OUTPUTS),
                opset_version=OPSET,
                dynamo=True,
                verbose=False,
            )
        finally:
            logging.disable(logging.NOTSET)
    model = translated.model_proto
    name_nodes(model.graph)
    loops_from_scans(model.graph)
    name_sizes(model.graph)
    for name, kind in THRESHOLDS.items():
        value = np.array(metadata['defaults'][name], dtype=kind)
        model.graph.initializer.append(numpy_helper.from_array(value, name))
    model.producer_name = 'epsnet_mm'
    model.producer_version = metadata['versions']['epsnet_mm']
    onnx.helper.set_model_props(model, {'epsnet': json.dumps(metadata)})
    return model


def read_metadata(model: onnx.ModelProto) -> dict:
    """What an exported model says about itself, see `describe_network`.

    Raises:
        ValueError: It says nothing.
    """
    notes = {x.key: x.value for x in model.metadata_props}
    if 'epsnet' not in notes:
        raise ValueError(
            'The model has no metadata of epsnet_mm: give a file that '
            'tools/deployment/export.py wrote.'
        )
    return json.loads(notes['epsnet'])


def name_nodes(graph: onnx.GraphProto, stage: str = 'segments') -> None:
    """Name nodes after their place in the network, and drop the rest.

    PyTorch notes lines of source code with paths of this machine.
    """
    for number, node in enumerate(graph.node):
        notes = {entry.key: entry.value for entry in node.metadata_props}
        scopes = notes.get('pkg.torch.onnx.name_scopes', "['', '']")
        # From outer to inner modules; the last one is the operation.
        modules = [x for x in json.loads(scopes.replace("'", '"'))[:-1] if x]
        place = modules[-1].replace('.', '/') if modules else stage
        # See `loops_from_scans`, which runs later.
        kind = 'Loop' if node.op_type == 'Scan' else node.op_type
        node.name = f'{place}/{kind}_{number}'
        del node.metadata_props[:]
        node.doc_string = ''
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                name_nodes(attribute.g, node.name)


def name_sizes(graph: onnx.GraphProto) -> None:
    """Name the free sizes of inputs and outputs."""
    names = dict(image='NHW', panoptic_map='NHW')
    for value in (*graph.input, *graph.output):
        sizes = names.get(value.name, 'S')
        for size, name in zip(value.type.tensor_type.shape.dim, sizes, strict=False):
            size.dim_param = name
