"""Detections from what a network says of each anchor."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .boxes import clip_boxes, scale_boxes
from .resample import image_size


def flatten_levels(levels: Sequence[Tensor], channels: int) -> Tensor:
    """Outputs of pyramid levels as one list of anchors.

    Args:
        levels: Each (N, R C, H_l, W_l), with R anchors at each position.
        channels: C.

    Returns:
        (N, A, C), ordered by level, row, column, then anchor.
    """
    return torch.cat(
        [x.permute(0, 2, 3, 1).flatten(1).unflatten(1, (-1, channels)) for x in levels],
        dim=1,
    )


def thing_probs(logits: Tensor) -> Tensor:
    """Probabilities of the thing classes.

    Args:
        logits: (..., T + 1), background last.

    Returns:
        (..., T). Without things (..., 1), a class that is never found, as an empty
        axis has no maximum.
    """
    if logits.shape[-1] == 1:
        return torch.zeros_like(logits)
    return logits.softmax(-1)[..., :-1]


def best_candidates(probs: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """The most likely pairs of an anchor and a class of one image.

    Args:
        probs: (A, T) probabilities.
        count: Most pairs.

    Returns:
        Scores, classes and anchors of the pairs, (D,) each, best first.
    """
    likely = probs.amax(dim=1).topk(min(count, len(probs))).indices
    scores, pairs = probs[likely].flatten().topk(len(likely))
    anchors = likely[torch.div(pairs, probs.shape[1], rounding_mode='floor')]
    return scores, pairs % probs.shape[1], anchors


def image_boxes(boxes: Tensor, meta: dict, rescale: bool = True) -> Tensor:
    """Boxes in input pixels to the image that results are for, clipped to it.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2.
        meta: `img_shape` and `ori_shape`.
        rescale: See `image_size`.
    """
    height, width = image_size(meta, rescale)
    rows, columns = meta['img_shape'][:2]
    boxes = scale_boxes(boxes, width / columns, height / rows)
    return clip_boxes(boxes, (height, width))
