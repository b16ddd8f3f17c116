"""Memory and time of cross-layer attention and of its literal equations."""

import statistics
import time
from functools import partial
from typing import NamedTuple

from epsnet_mm.models.necks import CrossLayerAttention

import torch
import torch.nn.functional as F
from torch import Tensor

from .agreement import check_agreement
from .memory import peak_memory

STRIDES = (8, 16, 32)
# Both compute the same in another order: equal up to rounding.
LEAST_SIMILARITY = 0.9999


class AttentionCost(NamedTuple):
    """Measured row: side of the input in pixels, MiB and milliseconds."""

    size: int
    variant: str
    memory: float
    time: float


def literal_attention(neck: CrossLayerAttention, feats: list[Tensor]) -> Tensor:
    """Equations 4 to 7 with the (N, H_3 W_3, H_s W_s) weights in memory."""
    fused = feats[0]
    query = neck.query(feats[0]).flatten(2).transpose(1, 2)
    for source in feats:
        weights = (query @ neck.key(source).flatten(2)).softmax(dim=-1)
        attended = weights @ neck.value(source).flatten(2).transpose(1, 2)
        attended = attended.transpose(1, 2).unflatten(2, feats[0].shape[-2:])
        fused = fused + neck.out(attended)
    return fused


@torch.inference_mode()
def measure_attention(
    size: int, iters: int, device: str = 'cpu'
) -> list[AttentionCost]:
    """Measure both variants on P3 to P5 of one image.

    Args:
        size: Side of the square input in pixels.
        iters: Timed runs of each variant.
        device: Where to run.

    Raises:
        DisagreementError: The variants give different results.
    """
    torch.manual_seed(0)
    neck = CrossLayerAttention().to(device)
    feats = [
        torch.rand(1, 256, -(-size // x), -(-size // x), device=device) for x in STRIDES
    ]
    variants = {
        'equations 4 to 7, literal': partial(literal_attention, neck, feats),
        'CrossLayerAttention': partial(neck, feats),
    }
    expected, found = (work().flatten() for work in variants.values())
    similarity = F.cosine_similarity(expected, found, dim=0)
    check_agreement(bool(similarity > LEAST_SIMILARITY), 'features')
    return [
        AttentionCost(size, name, peak_memory(work, device), _median_time(work, iters))
        for name, work in variants.items()
    ]


def _median_time(work: partial, iters: int) -> float:
    times = []
    for _ in range(iters):
        start = time.perf_counter()
        work().sum().item()  # waits for a GPU
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)
