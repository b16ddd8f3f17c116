"""Which objects have a box, and whether its class and score are right."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch
from mmdet.structures.bbox import bbox_overlaps
from mmengine.config import Config
from mmengine.dataset import BaseDataset, pseudo_collate
from mmengine.structures import InstanceData
from torch import nn

from .ground_truth import ground_truth_objects
from .markdown_table import markdown_table


class FoundObject(NamedTuple):
    """An object of the ground truth, and whether detections localize it.

    Attributes:
        label: Thing class.
        size: Square root of its box's area, in pixels.
        localized: Whether a box of any class reaches the IoU threshold.
        score: The best score of such boxes of its own class; None if there is none.
    """

    label: int
    size: float
    localized: bool
    score: float | None


def keep_scores_from(cfg: Config, score_thr: float) -> None:
    """Let an EPSNet keep detections of low scores.

    Args:
        cfg: Changed in place.
        score_thr: Lowest score that is kept, in [0, 1].

    Raises:
        ValueError: If the config is of another detector.
    """
    require_epsnet(cfg)
    cfg.model.test_cfg.bbox_head.score_thr = score_thr


def require_epsnet(cfg: Config) -> None:
    """Refuse the config of another detector.

    Raises:
        ValueError: If it is one.
    """
    if cfg.model.type != 'EPSNet':
        raise ValueError(
            f'{cfg.filename} is no EPSNet, but {cfg.model.type}: give a config '
            'of configs/epsnet/.'
        )


def find_objects(
    objects: InstanceData, detections: InstanceData, iou_threshold: float = 0.5
) -> list[FoundObject]:
    """Look up each object of an image among the detections.

    Unlike in panoptic quality, several objects may share one detection: the
    question is what the network detects, not how good its output is.

    Args:
        objects: `bboxes` (G, 4) as x1, y1, x2, y2 in pixels and `labels` (G,).
        detections: `bboxes` (D, 4), `labels` (D,) and `scores` (D,) in [0, 1].
        iou_threshold: Lowest IoU of a box that localizes an object.
    """
    areas = (objects.bboxes[:, 2:] - objects.bboxes[:, :2]).prod(dim=1)
    near = bbox_overlaps(objects.bboxes, detections.bboxes) >= iou_threshold
    same_class = near & (objects.labels[:, None] == detections.labels)
    return [
        FoundObject(
            int(label),
            float(area.sqrt()),
            bool(boxes.any()),
            detections.scores[own].max().item() if own.any() else None,
        )
        for label, area, boxes, own in zip(
            objects.labels, areas, near, same_class, strict=True
        )
    ]


@torch.no_grad()
def find_in_dataset(
    model: nn.Module, dataset: BaseDataset, iou_threshold: float = 0.5
) -> Iterator[list[FoundObject]]:
    """Run a network on each image of a dataset, and look up its objects.

    Args:
        model: An EPSNet with trained weights.
        dataset: With `instances` in its data information, as `EPSNetPanopticDataset`;
            crowds are left out.
        iou_threshold: Lowest IoU of a box that localizes an object.

    Yields:
        The objects of each image.
    """
    for index in range(len(dataset)):
        data = model.data_preprocessor(pseudo_collate([dataset[index]]), False)
        detections = model.bbox_head.predict(
            model.extract_feat(data['inputs']), data['data_samples']
        )[0].cpu()
        objects = ground_truth_objects(dataset.get_data_info(index))
        yield find_objects(objects, detections, iou_threshold)


def recall_table(
    found: Iterable[FoundObject], class_names: Sequence[str], sizes: Sequence[float]
) -> str:
    """Markdown: how many objects are localized and classified, by class and size.

    Args:
        found: Objects of all images.
        class_names: Name of each thing class.
        sizes: Limits between the rows of a class, in pixels, ascending.
    """
    limits = torch.tensor(sizes)
    groups: dict[tuple[int, int], list[FoundObject]] = {}
    for item in found:
        part = int(torch.bucketize(torch.tensor(item.size), limits, right=True))
        groups.setdefault((item.label, part), []).append(item)
    ranges = _ranges(sizes)
    return markdown_table(
        ['class', 'size (px)', 'objects', 'localized', 'of its class', 'mean score'],
        [
            [class_names[label], ranges[part], *_cells(items)]
            for (label, part), items in sorted(groups.items())
        ],
        'llrrrr',
    )


def _ranges(sizes: Sequence[float]) -> list[str]:
    """Names of the rows between the limits."""
    if not sizes:
        return ['all']
    inner = [f'{low:g} to {high:g}' for low, high in itertools.pairwise(sizes)]
    return [f'below {sizes[0]:g}', *inner, f'from {sizes[-1]:g}']


def _cells(items: Sequence[FoundObject]) -> list[str]:
    """Count, percentages and mean score of a row's objects."""
    localized = sum(x.localized for x in items)
    scores = [x.score for x in items if x.score is not None]
    return [
        str(len(items)),
        _percent(localized, len(items)),
        _percent(len(scores), len(items)),
        f'{sum(scores) / len(scores):.2f}' if scores else '-',
    ]


def _percent(part: int, whole: int) -> str:
    return f'{100 * part / whole:.0f} %'
