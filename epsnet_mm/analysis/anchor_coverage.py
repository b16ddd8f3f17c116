"""How well a config's anchors fit the objects of a dataset."""

from collections.abc import Sequence
from math import ceil

import torch
from mmdet.registry import TASK_UTILS
from mmdet.structures.bbox import bbox_overlaps
from mmengine.config import Config
from mmengine.dataset import BaseDataset

from .ground_truth import ground_truth_objects
from .markdown_table import markdown_table


def resized_size(cfg: Config) -> tuple[int, int]:
    """(height, width) in pixels to which images are resized in testing.

    Raises:
        ValueError: If the pipeline does not resize, or keeps the ratio of the sides.
    """
    for transform in cfg.test_dataloader.dataset.pipeline:
        if transform['type'] == 'Resize':
            if transform.get('keep_ratio'):
                raise ValueError(
                    f'Resize in test_dataloader.dataset.pipeline of {cfg.filename} '
                    "keeps the ratio of an image's sides, so that inputs differ in "
                    'size: set keep_ratio=False.'
                )
            width, height = transform['scale']
            return height, width
    raise ValueError(
        f'test_dataloader.dataset.pipeline of {cfg.filename} has no Resize, so the '
        "size of the network's input is not known: add one."
    )


def best_overlaps(
    dataset: BaseDataset, anchor_generator: dict, input_size: tuple[int, int]
) -> dict[str, list[float]]:
    """Largest IoU that each object has with an anchor, by thing class.

    Args:
        dataset: With `instances` in its data information, as `EPSNetPanopticDataset`;
            crowds are left out.
        anchor_generator: Config of an `ImageAnchorGenerator`.
        input_size: (height, width) in pixels of the network's input. Images are
            resized to it without a crop.

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
        objects = ground_truth_objects(info)
        scale = torch.tensor([width / info['width'], height / info['height']] * 2)
        overlaps = bbox_overlaps(objects.bboxes * scale, anchors).amax(dim=1)
        for label, overlap in zip(
            objects.labels.tolist(), overlaps.tolist(), strict=True
        ):
            found[names[label]].append(overlap)
    return found


def coverage_table(
    overlaps: dict[str, list[float]], thresholds: Sequence[float]
) -> str:
    """Markdown: percentage of objects whose best anchor reaches each IoU, by class."""
    everything = [x for part in overlaps.values() for x in part]
    return markdown_table(
        ['class', 'objects', *(f'IoU {x:g}' for x in thresholds)],
        [
            [name, str(len(values)), *(_share(values, x) for x in thresholds)]
            for name, values in [*overlaps.items(), ('all', everything)]
        ],
        'l' + 'r' * (len(thresholds) + 1),
    )


def _share(values: Sequence[float], threshold: float) -> str:
    if not values:
        return '-'
    return f'{100 * sum(x >= threshold for x in values) / len(values):.0f} %'
