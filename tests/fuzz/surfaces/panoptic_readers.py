"""The four readers of a panoptic dataset, and what each must keep to."""

import json
from collections import Counter
from pathlib import Path

from epsnet_mm.datasets import EPSNetPanopticDataset, LoadPanopticSegments
from epsnet_mm.datasets.validation.class_table import class_table
from epsnet_mm.datasets.validation.crowded_images import crowd_warnings
from epsnet_mm.datasets.validation.dataset_check import check_dataset
from epsnet_mm.datasets.validation.dataset_comparison import compare_datasets
from epsnet_mm.evaluation import EPSNetPanopticMetric

import numpy as np
import torch
from mmcv.transforms import LoadImageFromFile

from ..outcomes import SilentFault

# As `tests.tiny_panoptic` makes the images.
_HEIGHT, _WIDTH = 4, 6


def read_as_training(root: Path) -> None:
    """All images with their segments, none of which may get lost."""
    dataset = _dataset(root, test_mode=False)
    content = json.loads((root / 'damaged.json').read_bytes().decode('utf-8-sig'))
    listed = {x['image_id']: len(x['segments_info']) for x in content['annotations']}
    for results in dataset:
        used = len(results['segments_info']) + len(results.get('unusable_ids', ()))
        if used != listed[results['img_id']]:
            raise SilentFault(
                f'{used} of {listed[results["img_id"]]} segments of the image '
                f'{results["img_id"]!r}'
            )
        _check_sample(results, len(dataset.metainfo['classes']))


def read_as_test(root: Path) -> None:
    """As a test does, which needs no annotations."""
    dataset = _dataset(root, test_mode=True)
    for results in dataset:
        _check_sample(results, len(dataset.metainfo['classes']))


def _dataset(root: Path, test_mode: bool) -> EPSNetPanopticDataset:
    return EPSNetPanopticDataset(
        ann_file='damaged.json',
        data_root=str(root),
        data_prefix=dict(img='img', seg='seg'),
        pipeline=[LoadImageFromFile(), LoadPanopticSegments()],
        test_mode=test_mode,
        serialize_data=False,
    )


def _check_sample(results: dict, num_classes: int) -> None:
    boxes = results['gt_bboxes'].tensor
    labels = results['gt_bboxes_labels']
    if not (boxes.isfinite().all() and (boxes >= -1).all()):
        raise SilentFault(f'the boxes are {boxes.tolist()}')
    if not (boxes <= torch.tensor([_WIDTH, _HEIGHT] * 2) + 1).all():
        raise SilentFault(f'the boxes {boxes.tolist()} leave the image')
    if ((labels < 0) | (labels >= num_classes)).any():
        raise SilentFault(f'the labels are {labels.tolist()} of {num_classes} classes')
    if 'gt_masks' in results and len(results['gt_masks']) != len(boxes):
        raise SilentFault(f'{len(results["gt_masks"])} masks for {len(boxes)} boxes')
    if 'gt_seg_map' in results:
        values = set(np.unique(results['gt_seg_map']).tolist())
        if not values <= {*range(num_classes), 255, 65535}:
            raise SilentFault(f'the semantic map has the values {sorted(values)}')


def read_as_checker(root: Path) -> None:
    """Without a problem, the dataset must load."""
    report = check_dataset(
        str(root / 'damaged.json'), str(root / 'seg'), str(root / 'img')
    )
    text = [class_table(report.content, report.pixels), *report.problems]
    text += report.wrong_measures + report.warnings
    text += crowd_warnings(report.content, 1, 'c.py')
    other = str(root / 'panoptic.json')
    text += compare_datasets(report.content, str(root / 'img'), other, str(root))
    # What a terminal shows.
    '\n'.join(text).encode()
    if report.problems or report.wrong_measures:
        return
    for read in (read_as_training, read_as_test, read_as_metric):
        try:
            read(root)
        except Exception as error:
            raise SilentFault(
                f'the checker finds no problem, but {read.__name__}: {error!r}'
            ) from error


def read_as_metric(root: Path) -> None:
    """Evaluate a prediction of one class; each number must be one."""
    metric = EPSNetPanopticMetric(str(root / 'damaged.json'), str(root / 'seg'))
    content = json.loads((root / 'damaged.json').read_bytes().decode('utf-8-sig'))
    names = [category['name'] for category in content['categories']]
    things = [x['name'] for x in content['categories'] if x['isthing']]
    metric.dataset_meta = dict(
        classes=(*things, *(name for name in names if name not in things)),
        thing_classes=tuple(things),
    )
    prediction = dict(sem_seg=torch.zeros(1, _HEIGHT, _WIDTH, dtype=torch.int64))
    ids = [image['id'] for image in content['images']]
    samples = [
        dict(
            img_id=image_id,
            img_path='',
            ori_shape=(_HEIGHT, _WIDTH),
            pred_panoptic_seg=prediction,
        )
        for image_id in ids
    ]
    metric.process({}, samples)
    numbers = metric.evaluate(len(samples))
    outside = {
        key: value
        for key, value in numbers.items()
        if not isinstance(value, (int, float)) or not 0 <= value <= 100
    }
    if outside:
        raise SilentFault(f'the metric gives {outside}')
    if max(Counter(ids).values(), default=1) > 1:
        raise SilentFault(f'the metric accepts the image ids {ids}')
