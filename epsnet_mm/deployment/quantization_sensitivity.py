"""What quantizing each part of a network costs in panoptic quality."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import DATASETS, METRICS, MODELS
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope
from onnxruntime.quantization import CalibrationDataReader

from .exported_detector import use_exported
from .quantization import STAGE, quantize_network, quantized_nodes

# Parts of a backbone are its stages, those of heads convolutions of one kind.
_PARTS = re.compile(
    rf'{STAGE}(backbone/(layers/\d+|\w+)|neck|fusion_neck|\w+/[a-z_]+)/'
)


class Cost(NamedTuple):
    """What one quantized part of a number of nodes costs.

    PQ in percent, and the percentage of pixels that keep their class: it tells parts
    apart where few images make PQ noisy.
    """

    part: str
    nodes: int
    pq: float
    kept: float


def network_parts(graph: onnx.GraphProto) -> list[str]:
    """Parts whose nodes can be quantized, as beginnings of their names.

    Args:
        graph: Of an exported network.
    """
    found = (_PARTS.match(name) for name in quantized_nodes(graph, ()))
    return list(dict.fromkeys(x.group() for x in found if x))


def measure_costs(
    cfg: Config,
    model: onnx.ModelProto,
    images: CalibrationDataReader,
    count: int,
) -> Iterator[Cost]:
    """Evaluate a network with nothing, with each part and with all quantized.

    Ranges are measured once.

    Args:
        cfg: Names the test images and the metric. It is changed.
        model: In fp32; see `to_onnx`.
        images: What the ranges are measured on.
        count: Number of test images, spread over all.

    Yields:
        First `nothing`, then each of `network_parts`, then `everything`.
    """
    init_default_scope('mmdet')  # as the runner does
    parts = network_parts(model.graph)
    with tempfile.TemporaryDirectory() as folder:
        file, ranges = Path(folder, 'model.onnx'), Path(folder, 'ranges.json')
        use_exported(cfg, str(file))
        dataset = DATASETS.build(cfg.test_dataloader.dataset)

        def evaluate(part: str, nodes: int, made: onnx.ModelProto) -> Cost:
            onnx.save(made, file)
            pq, labels = _evaluate(cfg, dataset, count)
            if not expected:
                expected.extend(labels)
            equal = [(x == y).mean() for x, y in zip(labels, expected, strict=True)]
            return Cost(part, nodes, pq, 100 * float(np.mean(equal)))

        expected: list[np.ndarray] = []
        yield evaluate('nothing', 0, model)
        whole = quantize_network(model, images, (), ranges)
        for part in parts:
            others = [x for x in parts if x != part]
            nodes = len(quantized_nodes(model.graph, others))
            made = quantize_network(model, None, others, ranges)
            yield evaluate(part.removeprefix(STAGE).rstrip('/'), nodes, made)
        yield evaluate('everything', len(quantized_nodes(model.graph, ())), whole)


def _evaluate(
    cfg: Config, dataset: Sequence, count: int
) -> tuple[float, list[np.ndarray]]:
    """PQ in percent of the file that `cfg.model` names, and the class of each pixel."""
    detector = MODELS.build(cfg.model)
    metric = METRICS.build(dict(cfg.test_evaluator, classwise=False))
    metric.dataset_meta = dataset.metainfo
    count = min(count, len(dataset))
    labels = []
    for number in range(count):
        index = number * len(dataset) // count
        samples = detector.test_step(pseudo_collate([dataset[index]]))
        metric.process({}, [x.to_dict() for x in samples])
        labels.append(samples[0].pred_panoptic_seg.sem_seg.numpy() % INSTANCE_OFFSET)
    return metric.evaluate(count)['coco_panoptic/PQ'], labels
