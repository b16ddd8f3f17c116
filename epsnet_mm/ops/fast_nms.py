"""Fast NMS (YOLACT), in plain PyTorch."""
import torch
from torch import Tensor


def pairwise_iou(boxes: Tensor) -> Tensor:
    """Intersection over union of all pairs.

    Args:
        boxes: (..., D, 4) as x1, y1, x2, y2.

    Returns:
        (..., D, D) in [0, 1].
    """
    top_left = torch.maximum(boxes[..., :, None, :2], boxes[..., None, :, :2])
    bottom_right = torch.minimum(boxes[..., :, None, 2:], boxes[..., None, :, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(-1)
    area = (boxes[..., 2:] - boxes[..., :2]).prod(-1)
    union = area[..., :, None] + area[..., None, :] - intersection
    return intersection / union.clamp(min=1e-9)


def fast_nms(boxes: Tensor, scores: Tensor, iou_threshold: float, top_k: int,
             max_num: int) -> tuple[Tensor, Tensor, Tensor]:
    """Suppress every box that overlaps a better one of its class.

    Unlike in greedy NMS, a suppressed box still suppresses others, so all
    classes are decided at once.

    Args:
        boxes: (A, 4) as x1, y1, x2, y2.
        scores: (A, T) probabilities of the thing classes.
        iou_threshold: A box is suppressed above this IoU.
        top_k: Best boxes of a class that take part.
        max_num: Best survivors that are returned.

    Returns:
        Row of the box, label and score of each survivor, all (D,) with
        D <= `max_num`, in descending score. Where fewer boxes survive, the last
        scores are 0.
    """
    candidates, rows = scores.T.topk(min(top_k, len(boxes)), dim=1)
    iou = pairwise_iou(boxes[rows]).triu_(diagonal=1)
    suppressed = (iou > iou_threshold).any(dim=1)
    candidates = candidates.masked_fill(suppressed, 0).flatten()
    best, order = candidates.topk(min(max_num, len(candidates)))
    labels = torch.div(order, max(rows.shape[1], 1), rounding_mode='floor')
    return rows.flatten()[order], labels, best
