"""From a config and its checkpoint to one file that needs neither."""

import copy
from collections.abc import Callable, Sequence
from pathlib import Path

from mmengine.config import Config

from ..apis.panoptic_inferencer import PanopticInferencer
from .export_check import check_network
from .graph_trace import trace_graph
from .metadata import describe_network
from .onnx_file import write_onnx
from .openvino_file import write_openvino
from .panoptic_graph import PanopticGraph
from .pipeline_input import read_pipeline

#: Format -> what writes a traced graph with its metadata to a path.
WRITERS: dict[str, Callable] = dict(onnx=write_onnx, openvino=write_openvino)


def export_network(
    cfg: Config,
    checkpoint: str,
    out: str | Path,
    form: str = 'onnx',
    size: tuple[int, int] | None = None,
    channel_order: str = 'bgr',
    precision: str = 'fp32',
    calibration: str | Sequence[str] | None = None,
) -> dict:
    """Write a network with its post-processing as one file.

    Args:
        cfg: Config of an `EPSNet`.
        checkpoint: Its weights.
        out: File to write.
        form: Format, one of `WRITERS`.
        size: (height, width) of the network's input; None for the config's.
        channel_order: Of the images, 'bgr' or 'rgb'.
        precision: One of `PRECISIONS`.
        calibration: Images for INT8, see `CalibrationImages`.

    Returns:
        The metadata of the file.

    Raises:
        ValueError: The network or its test pipeline cannot be exported.
    """
    source = read_pipeline(cfg.test_dataloader.dataset.pipeline, size)
    # The inferencer changes its config.
    inferencer = PanopticInferencer(
        copy.deepcopy(cfg), checkpoint, 'cpu', show_progress=False
    )
    model = inferencer.model.eval().requires_grad_(False)
    check_network(model)
    metadata = describe_network(cfg, model, source.size, channel_order, precision)
    graph = PanopticGraph(model, source, channel_order).eval()
    program = trace_graph(graph, metadata['defaults'])
    WRITERS[form](program, out, metadata, calibration)
    return metadata
