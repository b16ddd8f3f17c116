"""Greedy NMS, in plain PyTorch, with the results of mmcv's compiled one."""

import torch
from torch import Tensor, while_loop

from .boxes import pairwise_iou

#: Steps of `_survivors` between two looks at the result. A GPU makes the host wait
#: for a look; on a CPU a step of a small block costs microseconds.
_STEPS = 8


def separate_classes(boxes: Tensor, labels: Tensor) -> Tensor:
    """Move the boxes of each class to a place of their own, as mmcv does.

    NMS of the result suppresses within classes only. As in mmcv, the distance is the
    largest coordinate + 1: a box with negative coordinates can reach into the place
    of the class before.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2; D > 0.
        labels: (D,) classes.

    Returns:
        (D, 4).
    """
    return boxes + labels.to(boxes)[:, None] * (boxes.max() + 1)


def greedy_nms(
    boxes: Tensor,
    scores: Tensor,
    labels: Tensor,
    iou_threshold: float,
    block_size: int = 128,
) -> Tensor:
    """Keep the best box, suppress what overlaps it in its class, and so on.

    Keeps exactly what mmcv's `batched_nms` keeps on a CPU of fewer than 10,000 boxes,
    also where scores are equal: it sorts, separates classes and rounds in the same
    way. It takes 2 to 6 times as long there, see `docs/benchmark.md`.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2.
        scores: (D,), in any order.
        labels: (D,) classes.
        iou_threshold: A box is suppressed above this IoU.
        block_size: Boxes that are decided at once. Small blocks are faster on a CPU,
            because later blocks lose what earlier ones suppress. For each block but
            the last, a GPU makes the host wait three times: give D there.

    Returns:
        (D,) bool, the boxes to keep.
    """
    kept = torch.zeros_like(scores, dtype=torch.bool)
    if not len(boxes):
        return kept
    boxes = separate_classes(boxes, labels)
    # Not stable, because mmcv's is not.
    rest = scores.sort(descending=True).indices
    while len(rest):
        block, rest = rest[:block_size], rest[block_size:]
        overlaps = pairwise_iou(boxes[block], boxes[block]) > iou_threshold
        # `triu` would start threads, which wait for each other on a busy CPU.
        rank = torch.arange(len(block), device=boxes.device)
        survives = _survivors(overlaps & (rank[:, None] < rank))
        kept[block] = survives
        if len(rest):
            best = boxes[block[survives]]
            hidden = (pairwise_iou(best, boxes[rest]) > iou_threshold).any(dim=0)
            rest = rest[~hidden]
    return kept


def _survivors(overlaps: Tensor) -> Tensor:
    """Which boxes no surviving better box overlaps.

    Each step decides anew from the survivors of the step before. A box is right for
    good once all better boxes that overlap it are, so the steps end at the one
    solution, after as many as the longest chain of overlapping boxes has members.

    Args:
        overlaps: (D, D) bool, entry (i, j): i is better than j and overlaps it.

    Returns:
        (D,) bool.
    """
    better = _better(overlaps)
    survives = better.sum(dim=1) == 0
    while True:
        for _ in range(_STEPS):
            before = survives
            survives = _decide(better, before)
        if survives.equal(before):
            return survives


def _better(overlaps: Tensor) -> Tensor:
    """Entry (i, j): j is better and overlaps i; the transpose of `overlaps`.

    In floats: on a CPU faster than `any` of bools.
    """
    return overlaps.T.float().contiguous()


def _decide(better: Tensor, survives: Tensor) -> Tensor:
    """Which boxes none of the better boxes overlaps that survive."""
    return (better * survives).sum(dim=1) == 0


def graph_greedy_nms(
    boxes: Tensor, scores: Tensor, labels: Tensor, iou_threshold: float
) -> Tensor:
    """The boxes of `greedy_nms`, for `torch.export`.

    One loop instead of blocks whose number depends on the boxes. Equal scores may come
    in another order.

    Arguments and result are those of `greedy_nms`; D > 0.
    """
    boxes = separate_classes(boxes, labels)
    # A stable sort has no form in ONNX. TopK of ONNX keeps the order of equal scores.
    order = scores.topk(len(scores)).indices
    boxes = boxes[order]
    rank = torch.arange(len(order), device=boxes.device)
    overlaps = pairwise_iou(boxes, boxes) > iou_threshold
    better = _better(overlaps & (rank[:, None] < rank))
    first = better.sum(dim=1) == 0

    def changes(survives: Tensor, before: Tensor) -> Tensor:
        return (survives != before).any()

    def step(survives: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
        return _decide(better, survives), survives.clone()

    survives, _ = while_loop(changes, step, (first, ~first))
    return torch.zeros_like(survives).index_put((order,), survives)
