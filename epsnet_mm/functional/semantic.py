"""Semantic label maps: training targets and predictions."""

import torch
import torch.nn.functional as F
from torch import Tensor

from .resample import bilinear_taps

# Rows upsampled at a time, so that the (S + 1, rows, W) slab stays small.
ROWS = 16
# Pixels interpolated at a time by the sparse path, for the same reason.
PIXELS = 16384


def semantic_targets(
    labels: Tensor, num_things: int, num_stuff: int, ignore_index: int = 255
) -> Tensor:
    """Panoptic-order labels to those of the semantic head.

    Args:
        labels: (...) int, things 0 .. T - 1, stuff T .. T + S - 1; any other value
            means unlabelled.
        num_things: T.
        num_stuff: S.
        ignore_index: Marks unlabelled pixels in the result.

    Returns:
        (...) int64: stuff 0 .. S - 1, S = "other" (any thing), or
        `ignore_index`.

    Raises:
        ValueError: `ignore_index` is the target of a class.
    """
    if 0 <= ignore_index <= num_stuff:
        raise ValueError(
            f'The ignore_index {ignore_index} of the semantic loss is a class, as '
            f'there are {num_stuff} stuff classes: use -1.'
        )
    labels = labels.long()
    targets = torch.where(labels < num_things, num_stuff, labels - num_things)
    unlabelled = (labels < 0) | (labels >= num_things + num_stuff)
    return targets.masked_fill(unlabelled, ignore_index)


def semantic_label_map(
    logits: Tensor, owned: Tensor, covered: Tensor, scales: tuple[float, float]
) -> Tensor:
    """Most likely semantic class of every pixel that no instance owns.

    Equation 3 at image size. A pixel inside an instance mask counts as "other"
    with its logit lowered by one, so that stuff wins more easily there
    (released network).

    Args:
        logits: (S + 1, h, w), stuff classes, then "other".
        owned: (H, W) bool, pixels that belong to an instance.
        covered: (H, W) bool, pixels inside any instance mask.
        scales: Logit positions per image pixel, vertical and horizontal.

    Returns:
        (H, W) int64 in 0 .. S; S is "other", and what instances own.
    """
    h, w = logits.shape[-2:]
    rows = bilinear_taps(h, owned.shape[0], scales[0], logits.device)
    columns = bilinear_taps(w, owned.shape[1], scales[1], logits.device)
    # Choosing pixels costs a GPU more, in waiting for their number, than
    # upsampling all of them.
    upsampled = sparse_labels if logits.device.type == 'cpu' else dense_labels
    labels = upsampled(logits, owned, covered, rows, columns)
    return labels.masked_fill_(owned, len(logits) - 1)


def dense_labels(
    logits: Tensor, owned: Tensor, covered: Tensor, rows: tuple, columns: tuple
) -> Tensor:
    """Label of every pixel, slab by slab; never waits for the device."""
    left, right, across = columns
    labels = torch.empty(owned.shape, dtype=torch.long, device=logits.device)
    for first in range(0, owned.shape[0], ROWS):
        part = slice(first, first + ROWS)
        upper, lower, down = (taps[part] for taps in rows)
        slab = torch.lerp(logits[:, upper], logits[:, lower], down[:, None].to(logits))
        slab = torch.lerp(slab[..., left], slab[..., right], across.to(logits))
        slab[-1] -= covered[part].to(slab)
        # max() is several times faster than argmax() on the first axis.
        labels[part] = slab.max(dim=0).indices
    return labels


def sparse_labels(
    logits: Tensor, owned: Tensor, covered: Tensor, rows: tuple, columns: tuple
) -> Tensor:
    """Same labels; interpolates only where they aren't plain.

    Interpolated logits are convex combinations: a class that is the best at
    all four surrounding positions is the best in between.
    """
    (upper, lower, down), (left, right, across) = rows, columns
    other, width = len(logits) - 1, logits.shape[-1]
    best = logits.max(dim=0).indices
    mixed = _differs_within_cell(best)
    labels = best[upper][:, left]
    mixed = mixed[upper][:, left] | (covered & (labels == other))
    # (h * w, S + 1): the classes of a position lie side by side.
    table = logits.flatten(1).T.contiguous()
    pixels = (mixed & ~owned).nonzero()
    for y, x in (part.T for part in pixels.split(PIXELS)):
        top, bottom = upper[y] * width, lower[y] * width
        corners = torch.stack(
            [top + left[x], top + right[x], bottom + left[x], bottom + right[x]], dim=1
        )
        v, u = down[y], across[x]
        weights = torch.stack(
            [(1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u], dim=1
        )
        # A weighted sum of rows of the table, without the four gathered copies.
        values = F.embedding_bag(
            corners, table, mode='sum', per_sample_weights=weights.to(table)
        )
        values[:, other] -= covered[y, x].to(values)
        labels[y, x] = values.max(dim=1).indices
    return labels


def _differs_within_cell(labels: Tensor) -> Tensor:
    """(h, w) bool: is one of a position's right and lower neighbours different?"""
    across = torch.zeros_like(labels, dtype=torch.bool)
    across[:, :-1] = labels[:, 1:] != labels[:, :-1]
    differs = across.clone()
    differs[:-1] |= across[1:] | (labels[1:] != labels[:-1])
    return differs
