"""Semantic label maps: training targets and predictions."""
import torch
from torch import Tensor

from .resample import bilinear_taps

# Rows upsampled at a time: the (S + 1, rows, W) slab stays in cache.
ROWS = 16


def semantic_targets(labels: Tensor, num_things: int, num_stuff: int,
                     ignore_index: int = 255) -> Tensor:
    """Panoptic-order labels to those of the semantic head.

    Args:
        labels: (...) int, things 0 .. T - 1, stuff T .. T + S - 1, or
            `ignore_index`.
        num_things: T.
        num_stuff: S.
        ignore_index: Marks unlabelled pixels, before and after.

    Returns:
        (...) int64: stuff 0 .. S - 1, S = "other" (any thing), or
        `ignore_index`.
    """
    labels = labels.long()
    targets = torch.where(labels < num_things, num_stuff, labels - num_things)
    return targets.masked_fill(labels == ignore_index, ignore_index)


def semantic_label_map(logits: Tensor, covered: Tensor, size: tuple[int, int],
                       scales: tuple[float, float]) -> Tensor:
    """Most likely semantic class of every image pixel (equation 3).

    A pixel inside an instance mask counts as "other" with its logit lowered by
    one, so that stuff wins more easily there (released network).

    Args:
        logits: (S + 1, h, w), stuff classes, then "other".
        covered: (H, W) bool, pixels inside any instance mask.
        size: (H, W).
        scales: Prototype pixels per image pixel, vertical and horizontal.

    Returns:
        (H, W) int64 in 0 .. S; S is "other".
    """
    h, w = logits.shape[-2:]
    lower, upper, weight = bilinear_taps(h, size[0], scales[0], logits.device)
    left, right, across = bilinear_taps(w, size[1], scales[1], logits.device)
    labels = torch.empty(size, dtype=torch.long, device=logits.device)
    for first in range(0, size[0], ROWS):
        rows = slice(first, first + ROWS)
        slab = torch.lerp(logits[:, lower[rows]], logits[:, upper[rows]],
                          weight[rows, None].to(logits.dtype))
        slab = torch.lerp(slab[..., left], slab[..., right], across.to(logits.dtype))
        slab[-1] -= covered[rows].to(slab.dtype)
        labels[rows] = slab.argmax(dim=0)
    return labels
