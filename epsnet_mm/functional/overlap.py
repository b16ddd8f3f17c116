"""Resolution of overlaps between instances, without host synchronisation."""

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
    for rank, (mask, (x0, y0, x1, y1)) in enumerate(
        zip(instances.masks, instances.windows, strict=True), start=1
    ):
        window = owner[y0:y1, x0:x1]
        free = mask & (window == 0)
        area = mask.sum()
        taken = area - free.sum()
        keep = taken <= max_overlap * area
        window.masked_fill_(free & keep, rank)
        covered[y0:y1, x0:x1] |= mask
    return owner, covered
