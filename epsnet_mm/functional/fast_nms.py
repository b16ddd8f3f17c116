"""Fast NMS (YOLACT), in plain PyTorch."""

from torch import Tensor

from .boxes import pairwise_iou


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
    suppressed = (rival & (pairwise_iou(boxes, boxes) > iou_threshold)).any(dim=0)
    return in_top_k & ~suppressed
