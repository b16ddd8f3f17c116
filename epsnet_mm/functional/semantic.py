"""Semantic label maps: training targets and predictions."""

import torch
import torch.nn.functional as F
from torch import Tensor

from .resample import BilinearAxis

# Rows upsampled at a time, so that the (S + 1, rows, W) slab stays small.
ROWS = 16
# Pixels interpolated at a time by the sparse map, for the same reason.
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


def dense_label_map(
    logits: Tensor,
    owned: Tensor,
    covered: Tensor,
    rows: BilinearAxis,
    columns: BilinearAxis,
) -> Tensor:
    """Most likely semantic class of every pixel that no instance owns.

    Equation 3 at image size. A pixel inside an instance mask counts as "other"
    with its logit lowered by one, so that stuff wins more easily there
    (released network).

    Every pixel is interpolated, one slab of rows after the other. The host never
    waits for the device, which suits GPUs.

    Args:
        logits: (S + 1, h, w), stuff classes, then "other".
        owned: (H, W) bool, pixels that belong to an instance.
        covered: (H, W) bool, pixels inside any instance mask.
        rows: From the h rows of the logits to the H rows of the image.
        columns: From the w columns of the logits to the W columns of the image.

    Returns:
        (H, W) int64 in 0 .. S. S is "other", and what instances own.
    """
    labels = torch.empty(owned.shape, dtype=torch.long, device=logits.device)
    for first in range(0, owned.shape[0], ROWS):
        part = slice(first, first + ROWS)
        taps = tuple(tap[part] for tap in rows.taps)
        labels[part] = label_rows(logits, covered[part], taps, columns.taps)
    return labels.masked_fill_(owned, len(logits) - 1)


def label_rows(
    logits: Tensor,
    covered: Tensor,
    row_taps: tuple[Tensor, Tensor, Tensor],
    column_taps: tuple[Tensor, Tensor, Tensor],
) -> Tensor:
    """Most likely class of every pixel of some rows: one step of `dense_label_map`.

    Args:
        logits: (S + 1, h, w), stuff classes, then "other".
        covered: (R, W) bool, pixels inside any instance mask.
        row_taps: `BilinearAxis.taps` of these rows, each (R,).
        column_taps: `BilinearAxis.taps` of all columns, each (W,).

    Returns:
        (R, W) int64 in 0 .. S.
    """
    (upper, lower, down), (left, right, across) = row_taps, column_taps
    # index_select() and where() have short forms in exported graphs; indexing has not.
    above, below = logits.index_select(1, upper), logits.index_select(1, lower)
    slab = torch.lerp(above, below, down[:, None].to(logits))
    slab = torch.lerp(
        slab.index_select(2, left), slab.index_select(2, right), across.to(logits)
    )
    return _best_labels(slab, covered)


def graph_label_rows(
    logits: Tensor,
    covered: Tensor,
    row_taps: tuple[Tensor, Tensor, Tensor],
    across: Tensor,
    offsets: Tensor,
) -> Tensor:
    """The labels of `label_rows`, for `torch.export`.

    Two products in place of gathers, which are slow along the last axis, and lerp(),
    which becomes eight operations.

    Args:
        logits: (S + 1, h, w), stuff classes, then "other".
        covered: (R, W) bool, pixels inside any instance mask.
        row_taps: `BilinearAxis.taps` of these rows, each (R,).
        across: `BilinearAxis.matrix` of all columns, (W, w).
        offsets: (`source_rows`,) int64, 0, 1, 2, ...

    Returns:
        (R, W) int64 in 0 .. S.
    """
    upper, lower, down = row_taps
    # Source rows, those after the last one with weights of 0.
    rows = (upper[0] + offsets).clamp(max=logits.shape[1] - 1)
    is_upper, is_lower = ((x - upper[0])[:, None] == offsets for x in (upper, lower))
    weights = is_upper * (1 - down)[:, None] + is_lower * down[:, None]
    return _best_labels(weights @ (logits.index_select(1, rows) @ across.T), covered)


def source_rows(rows: int, in_size: int, out_size: int) -> int:
    """How many source rows some adjacent rows of an image read at most.

    Args:
        rows: Number of rows of the image.
        in_size: Rows of the whole source.
        out_size: Rows of the whole image.
    """
    return rows * in_size // out_size + 3


def _best_labels(slab: Tensor, covered: Tensor) -> Tensor:
    """(R, W) class of the largest of (S + 1, R, W) logits, see `dense_label_map`."""
    if len(slab) == 1:
        # A network without stuff.
        return torch.zeros_like(covered, dtype=torch.long)
    # max() is several times faster than argmax() on the first axis.
    best, labels = slab[:-1].max(dim=0)
    is_other = slab[-1] - covered.to(slab) > best
    return labels.masked_fill(is_other, len(slab) - 1)


def sparse_label_map(
    logits: Tensor,
    owned: Tensor,
    covered: Tensor,
    rows: BilinearAxis,
    columns: BilinearAxis,
) -> Tensor:
    """The map of `dense_label_map`; interpolates only where classes meet.

    Interpolated logits are convex combinations: a class that is the best at
    all four surrounding positions is the best in between. Much less work, which
    suits CPUs; but the host has to know how many pixels are left, and on a GPU
    it would wait for that number.

    Arguments and result are those of `dense_label_map`.
    """
    (upper, lower, down), (left, right, across) = rows.taps, columns.taps
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
    return labels.masked_fill_(owned, other)


def label_areas(labels: Tensor, count: int) -> Tensor:
    """Number of pixels of each label.

    Unlike with bincount, the host doesn't wait for the device.

    Args:
        labels: (H, W) int64 in 0 .. count - 1.
        count: Number of labels.

    Returns:
        (count,) int64.
    """
    areas = labels.new_zeros(count)
    ones = areas.new_ones(1).expand(labels.numel())
    return areas.index_add_(0, labels.flatten(), ones)


def _differs_within_cell(labels: Tensor) -> Tensor:
    """(h, w) bool: is one of a position's right and lower neighbors different?"""
    across = torch.zeros_like(labels, dtype=torch.bool)
    across[:, :-1] = labels[:, 1:] != labels[:, :-1]
    differs = across.clone()
    differs[:-1] |= across[1:] | (labels[1:] != labels[:-1])
    return differs
