"""Which objects have a box, and whether its class and score are right."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch
from mmdet.structures.bbox import bbox_overlaps
from mmengine.dataset import BaseDataset, pseudo_collate
from mmengine.structures import InstanceData
from torch import nn


class FoundObject(NamedTuple):
    """An object of the ground truth, and the detections that frame it.

    Attributes:
        label: Thing class.
        size: Square root of its box's area, in pixels.
        framed: Whether a box of any class has the IoU asked for.
        score: The best of such boxes of its own class; None if there is none.
    """

    label: int
    size: float
    framed: bool
    score: float | None


def find_objects(
    objects: InstanceData, detections: InstanceData, iou_threshold: float = 0.5
) -> list[FoundObject]:
    """Look up each object of an image among the detections.

    Unlike in panoptic quality, several objects may share a detection: this asks
    what the network has seen, not what its output is worth.

    Args:
        objects: `bboxes` (G, 4) as x1, y1, x2, y2 in pixels and `labels` (G,).
        detections: `bboxes` (D, 4), `labels` (D,) and `scores` (D,) in [0, 1].
        iou_threshold: IoU from which on a box frames an object.
    """
    areas = (objects.bboxes[:, 2:] - objects.bboxes[:, :2]).prod(dim=1)
    near = bbox_overlaps(objects.bboxes, detections.bboxes) >= iou_threshold
    named = near & (objects.labels[:, None] == detections.labels)
    return [
        FoundObject(
            int(label),
            float(area.sqrt()),
            bool(boxes.any()),
            detections.scores[own].max().item() if own.any() else None,
        )
        for label, area, boxes, own in zip(
            objects.labels, areas, near, named, strict=True
        )
    ]


@torch.no_grad()
def find_in_dataset(
    model: nn.Module, dataset: BaseDataset, iou_threshold: float = 0.5
) -> Iterator[list[FoundObject]]:
    """Run a network on each image of a data set, and look up its objects.

    Args:
        model: An EPSNet, with the weights to judge.
        dataset: With `instances` in its data information, as `EPSNetPanopticDataset`;
            crowds are left out.
        iou_threshold: IoU from which on a box frames an object.

    Yields:
        The objects of each image.
    """
    for index in range(len(dataset)):
        data = model.data_preprocessor(pseudo_collate([dataset[index]]), False)
        detections = model.bbox_head.predict(
            model.extract_feat(data['inputs']), data['data_samples']
        )[0].cpu()
        known = [
            x for x in dataset.get_data_info(index)['instances'] if not x['ignore_flag']
        ]
        yield find_objects(
            InstanceData(
                bboxes=torch.tensor(
                    [x['bbox'] for x in known], dtype=torch.float
                ).reshape(-1, 4),
                labels=torch.tensor([x['bbox_label'] for x in known]),
            ),
            detections,
            iou_threshold,
        )


def recall_table(
    found: Iterable[FoundObject], class_names: Sequence[str], sizes: Sequence[float]
) -> str:
    """Markdown: objects, share framed, share named and mean score of these.

    Args:
        found: Objects of all images.
        class_names: Name of each thing class.
        sizes: Limits between the rows of a class, in pixels, rising.
    """
    limits = torch.tensor(sizes)
    rows: dict = {}
    for item in found:
        part = int(torch.bucketize(torch.tensor(item.size), limits, right=True))
        rows.setdefault((item.label, part), []).append(item)
    lines = [
        '| class | size (px) | objects | framed | of its class | mean score |',
        '| --- | --- | ---: | ---: | ---: | ---: |',
    ]
    ranges = _ranges(sizes)
    for (label, part), items in sorted(rows.items()):
        scores = [x.score for x in items if x.score is not None]
        score = f'{sum(scores) / len(scores):.2f}' if scores else '-'
        lines.append(
            f'| {class_names[label]} | {ranges[part]} | {len(items)} '
            f'| {_percent(sum(x.framed for x in items), len(items))} '
            f'| {_percent(len(scores), len(items))} | {score} |'
        )
    return '\n'.join(lines)


def _ranges(sizes: Sequence[float]) -> list[str]:
    """Names of the rows between the limits."""
    if not sizes:
        return ['all']
    inner = [f'{low:g} to {high:g}' for low, high in itertools.pairwise(sizes)]
    return [f'below {sizes[0]:g}', *inner, f'from {sizes[-1]:g}']


def _percent(part: int, whole: int) -> str:
    return f'{100 * part / whole:.0f} %'
