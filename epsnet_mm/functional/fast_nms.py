"""Fast NMS (YOLACT), in plain PyTorch."""

import torch
from torch import Tensor


def pairwise_iou(boxes: Tensor) -> Tensor:
    """Intersection over union of all pairs.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2.

    Returns:
        (D, D) in [0, 1].
    """
    x1, y1, x2, y2 = boxes.T
    width = torch.minimum(x2[:, None], x2) - torch.maximum(x1[:, None], x1)
    height = torch.minimum(y2[:, None], y2) - torch.maximum(y1[:, None], y1)
    intersection = width.clamp_(min=0) * height.clamp_(min=0)
    area = (x2 - x1) * (y2 - y1)
    union = area[:, None] + area - intersection
    return intersection / union.clamp_(min=1e-9)


def fast_nms(boxes: Tensor, labels: Tensor, iou_threshold: float, top_k: int) -> Tensor:
    """Suppress every box that overlaps a better one of its class.

    Unlike in greedy NMS, a suppressed box still suppresses others, so all boxes
    are decided at once. Needs no loop over classes and no host synchronisation.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2, in descending score.
        labels: (D,) classes.
        iou_threshold: A box is suppressed above this IoU.
        top_k: Best boxes of a class that take part; the others are dropped.

    Returns:
        (D,) bool, the boxes to keep.
    """
    # Entry (i, j): is box i better than box j, and of the same class?
    rival = (labels[:, None] == labels).triu_(diagonal=1)
    in_top_k = rival.sum(dim=0) < top_k
    suppressed = (rival & (pairwise_iou(boxes) > iou_threshold)).any(dim=0)
    return in_top_k & ~suppressed
