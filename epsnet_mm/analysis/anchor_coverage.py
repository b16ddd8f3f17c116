"""How well a config's anchors fit the objects of a data set."""

from collections.abc import Sequence
from math import ceil

import torch
from mmdet.registry import TASK_UTILS
from mmdet.structures.bbox import bbox_overlaps
from mmengine.dataset import BaseDataset
from torch import Tensor


def best_overlaps(
    dataset: BaseDataset, anchor_generator: dict, input_size: tuple[int, int]
) -> dict[str, list[float]]:
    """Largest IoU that each object has with an anchor, by thing class.

    Args:
        dataset: With `instances` in its data information, as `EPSNetPanopticDataset`;
            crowds are left out.
        anchor_generator: Config of an `ImageAnchorGenerator`.
        input_size: (height, width) of the network's input, to which images are
            resized as a whole.

    Returns:
        Class name -> IoU of each object, in [0, 1].
    """
    generator = TASK_UTILS.build(anchor_generator)
    height, width = input_size
    levels = [
        (ceil(height / rows), ceil(width / columns))
        for columns, rows in generator.strides
    ]
    anchors = generator.image_priors(levels, input_size, torch.device('cpu'))
    names = dataset.metainfo['thing_classes']
    found: dict[str, list[float]] = {name: [] for name in names}
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        objects = [x for x in info['instances'] if not x['ignore_flag']]
        scale = torch.tensor([width / info['width'], height / info['height']] * 2)
        boxes = torch.tensor([x['bbox'] for x in objects]).reshape(-1, 4) * scale
        for item, overlap in zip(objects, _largest(boxes, anchors), strict=True):
            found[names[item['bbox_label']]].append(overlap)
    return found


def _largest(boxes: Tensor, anchors: Tensor) -> list[float]:
    return bbox_overlaps(boxes, anchors).amax(dim=1).tolist() if len(boxes) else []


def coverage_table(
    overlaps: dict[str, list[float]], thresholds: Sequence[float]
) -> str:
    """Markdown: share of each class's objects whose best anchor has this IoU."""
    rows = [*overlaps.items(), ('all', [x for part in overlaps.values() for x in part])]
    lines = [
        '| class | objects | ' + ' | '.join(f'IoU {x:g}' for x in thresholds) + ' |',
        '| --- | ' + '---: | ' * (len(thresholds) + 1),
    ]
    for name, values in rows:
        shares = [
            f'{100 * sum(x >= threshold for x in values) / len(values):.0f} %'
            if values
            else '-'
            for threshold in thresholds
        ]
        lines.append(f'| {name} | {len(values)} | {" | ".join(shares)} |')
    return '\n'.join(line.rstrip() for line in lines)
