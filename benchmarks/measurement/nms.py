"""Time of greedy NMS by mmcv, by torchvision and in plain PyTorch."""

import statistics
import time
from typing import NamedTuple

from epsnet_mm.environment.nms_backend import (
    NMS,
    mmcv_nms,
    pytorch_nms,
    torchvision_nms,
)

import torch
from torch import Tensor

from .agreement import check_agreement

VARIANTS = dict(mmcv=mmcv_nms, torchvision=torchvision_nms, PyTorch=pytorch_nms)
CONFIG = dict(type='nms', iou_threshold=0.5)
CLASSES = 80


class NMSCost(NamedTuple):
    """Measured row; milliseconds of each variant that runs."""

    boxes: str
    candidates: int
    kept: int
    times: dict[str, float]


def candidates(count: int, objects: int) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes in pixels, descending scores and labels, as a head finds them.

    Args:
        count: D.
        objects: Objects that the boxes lie around, with one class each.
    """
    generator = torch.Generator().manual_seed(0)
    owner = torch.randint(0, objects, (count,), generator=generator)
    center = 550 * torch.rand(objects, 2, generator=generator)[owner]
    center += 4 * torch.randn(count, 2, generator=generator)
    sides = 10 + 150 * torch.rand(objects, 2, generator=generator)[owner]
    sides *= 1 + 0.1 * torch.rand(count, 2, generator=generator)
    scores = torch.rand(count, generator=generator).sort(descending=True).values
    labels = torch.randint(0, CLASSES, (objects,), generator=generator)[owner]
    return torch.cat([center - sides / 2, center + sides / 2], dim=1), scores, labels


def measure_nms(count: int, iters: int, warmup: int, device: str) -> list[NMSCost]:
    """Measure each variant on boxes around few objects and on scattered ones.

    Args:
        count: D.
        iters: Timed runs of each variant.
        warmup: Runs before them.
        device: Where to run.

    Raises:
        DisagreementError: Two variants keep different boxes.
    """
    costs = []
    objects = {'10 per object': max(count // 10, 1), 'scattered': 100 * count}
    for name, number in objects.items():
        boxes = tuple(x.to(device) for x in candidates(count, number))
        found, times = {}, {}
        for variant, nms in VARIANTS.items():
            try:
                found[variant] = nms(*boxes, CONFIG).cpu()
            except (ImportError, RuntimeError):
                continue  # not installed, or not for this device
            times[variant] = _median_time(nms, boxes, iters, warmup)
        kept = found['PyTorch']
        check_agreement(all(kept.equal(x) for x in found.values()), 'boxes')
        costs.append(NMSCost(name, count, int(kept.sum()), times))
    return costs


def _median_time(nms: NMS, boxes: tuple, iters: int, warmup: int) -> float:
    times = []
    for _ in range(warmup + iters):
        start = time.perf_counter()
        nms(*boxes, CONFIG).sum().item()  # waits for a GPU
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times[warmup:])
