"""The objects of an image."""

import torch
from mmengine.structures import InstanceData


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
