"""Resolution of overlaps between instances, without host synchronisation."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .masks import InstanceMasks


def resolve_overlaps(
    instances: InstanceMasks, max_overlap: float, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Give every pixel to at most one instance (section 3.2; Kirillov et al.).

    Instances come in descending score. One is skipped if its mask is empty or if
    better ones have taken more than `max_overlap` of it; else it gets its free pixels.

    Args:
        instances: D masks, best first.
        max_overlap: Largest tolerated share of taken pixels, in [0, 1].
        device: Device of the masks.

    Returns:
        owner: (H, W) int32, 0 = no instance, d + 1 = instance d.
        covered: (H, W) bool, pixels inside any mask, also of skipped ones.
    """
    owner = torch.zeros(instances.size, dtype=torch.int32, device=device)
    covered = torch.zeros(instances.size, dtype=torch.bool, device=device)
    for rank, (mask, window) in enumerate(
        zip(instances.masks, instances.windows, strict=True), start=1
    ):
        claim_pixels(owner, covered, mask, window, rank, max_overlap)
    return owner, covered


def claim_pixels(
    owner: Tensor,
    covered: Tensor,
    mask: Tensor,
    window: Sequence[int],
    rank: int | Tensor,
    max_overlap: float | Tensor,
) -> Tensor:
    """Give an instance its free pixels: one step of `resolve_overlaps`.

    Args:
        owner: (H, W) int32, changed in place.
        covered: (H, W) bool, changed in place.
        mask: The instance in its window, bool.
        window: x_first, y_first, x_end, y_end in image pixels.
        rank: Of the instance, from 1.
        max_overlap: See `resolve_overlaps`.

    Returns:
        The pixels that it got, of the shape of `mask`.
    """
    x0, y0, x1, y1 = window
    owners, covers = owner[y0:y1, x0:x1], covered[y0:y1, x0:x1]
    free = mask & (owners == 0)
    area = mask.sum()
    taken = area - free.sum()
    claimed = free & (taken <= max_overlap * area)
    owners.masked_fill_(claimed, rank)
    covers.logical_or_(mask)
    return claimed
