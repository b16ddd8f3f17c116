"""Writes a traced network as OpenVINO's files."""

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import onnx
from torch.export import ExportedProgram

from .onnx_file import THRESHOLDS, read_metadata, to_onnx, with_precision


def write_openvino(
    program: ExportedProgram,
    path: str | Path,
    metadata: dict,
    images: str | Sequence[str] | None = None,
) -> None:
    """Write a graph, `path`, and its weights beside it, with the suffix `.bin`.

    Thresholds are inputs that must be fed: OpenVINO has no optional ones.

    Arguments are those of `write_onnx`.
    """
    model = to_onnx(program, metadata)
    save_openvino(with_precision(model, metadata, images, float_outputs=True), path)


def save_openvino(model: onnx.ModelProto, path: str | Path) -> None:
    """Translate an exported ONNX model, and write it.

    Args:
        model: See `to_onnx`. It is changed.
        path: File to write, with the suffix `.xml`.
    """
    openvino = import_module('openvino')
    weights = model.graph.initializer
    for weight in [x for x in weights if x.name in THRESHOLDS]:
        weights.remove(weight)
    metadata = read_metadata(model)
    translated = openvino.Core().read_model(model.SerializeToString())
    translated.set_rt_info(json.dumps(metadata), ['epsnet'])
    halves = metadata['precision'] == 'fp16'
    openvino.save_model(translated, path, compress_to_fp16=halves)
