"""What analyses need of the ground truth."""

import numpy as np
import torch
from mmengine.dataset import BaseDataset
from mmengine.structures import InstanceData

from ..structures.panoptic_json import read_panoptic_json


def ground_truth_objects(info: dict) -> InstanceData:
    """The things of an image, without crowds.

    Args:
        info: Data information with `instances`, as `EPSNetPanopticDataset` gives.

    Returns:
        `bboxes` (G, 4) as x1, y1, x2, y2 in pixels and `labels` (G,) in 0 .. T - 1.
    """
    objects = [x for x in info['instances'] if not x['ignore_flag']]
    boxes = torch.tensor([x['bbox'] for x in objects], dtype=torch.float)
    labels = torch.tensor([x['bbox_label'] for x in objects], dtype=torch.long)
    return InstanceData(bboxes=boxes.reshape(-1, 4), labels=labels)


def image_groups(ann_file: str, dataset: BaseDataset) -> list:
    """The `group` of each image; 'image <id>' where the annotation file has none.

    Images of one group are no independent samples, see `pq_errors.bootstrap.draw`.

    Args:
        ann_file: COCO panoptic JSON of the dataset.
        dataset: Its images count, in its order.
    """
    content = read_panoptic_json(ann_file)
    groups = {x['id']: x.get('group', f'image {x["id"]}') for x in content['images']}
    return [groups[dataset.get_data_info(i)['img_id']] for i in range(len(dataset))]


def thing_flags(dataset: BaseDataset) -> np.ndarray:
    """Whether each class of a dataset is a thing: (C,) bool, in its order."""
    things = dataset.metainfo['thing_classes']
    return np.array([name in things for name in dataset.metainfo['classes']])
