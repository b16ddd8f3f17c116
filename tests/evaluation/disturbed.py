"""Datasets of the metric's tests, and predictions that are partly wrong."""

from pathlib import Path

from epsnet_mm.datasets import EPSNetPanopticDataset, LoadPanopticSegments
from tests.requirements import needs_data

import numpy as np
import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET

# name: annotation file, images, PNGs
REAL = dict(
    coco_samples=(
        'annotations/panoptic_val.json',
        'images',
        'annotations/panoptic_val',
    ),
    camvid=('annotations/panoptic_val.json', 'images/val', 'annotations/panoptic_val'),
)
REAL_NAMES = [pytest.param(name, marks=needs_data(name)) for name in REAL]
SHAPES = ('annotations/panoptic_val.json', 'val', 'annotations/panoptic_val')
VOID = 255


def load(root: Path, names: tuple, count: int | None = 24) -> EPSNetPanopticDataset:
    ann_file, images, pngs = names
    return EPSNetPanopticDataset(
        ann_file=ann_file,
        data_root=str(root),
        data_prefix=dict(img=images, seg=pngs),
        test_mode=True,
        indices=count,
    )


def disturbed_predictions(dataset: EPSNetPanopticDataset) -> list:
    """The ground truth, shifted, with void, an unmatched segment, split and
    swapped classes."""
    rng = np.random.default_rng(0)
    num_classes = len(dataset.metainfo['classes'])
    samples = []
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        info['ori_shape'] = (info['height'], info['width'])
        loaded = LoadPanopticSegments().transform(info)
        pan = loaded['gt_seg_map'].astype(np.int64)
        pan[pan == VOID] = num_classes if index % 2 else 2
        for i, mask in enumerate(loaded['gt_masks'].masks, start=1):
            pan[mask > 0] += i * INSTANCE_OFFSET
        height, width = pan.shape
        pan = np.roll(pan, tuple(rng.integers(-4, 5, 2)), (0, 1))
        pan[: height // 8] = num_classes
        pan[height // 3 : height // 2, : width // 5] = 77 * INSTANCE_OFFSET + 1
        # From 1: upstream takes the value 0, which no fusion head gives to
        # a thing, for void.
        pan[pan == pan[-1, -1]] = rng.integers(1, num_classes)
        samples.append(
            dict(
                img_id=info['img_id'],
                img_path=info['img_path'],
                ori_shape=info['ori_shape'],
                pred_panoptic_seg=dict(sem_seg=torch.from_numpy(pan)[None]),
            )
        )
    return samples
