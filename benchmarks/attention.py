"""Memory and time of cross-layer attention, against its literal equations."""

import argparse
import statistics
import sys
import time
from functools import partial

from benchmarks.measurement.memory import peak_memory
from epsnet_mm.models.necks import CrossLayerAttention

import torch
import torch.nn.functional as F

STRIDES = (8, 16, 32)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--sizes',
        type=int,
        nargs='+',
        default=[550, 1100],
        help='sides of the input in pixels (default: 550 1100)',
    )
    parser.add_argument('--iters', type=int, default=5)
    parser.add_argument('--threads', type=int, help="PyTorch's, on the CPU")
    parser.add_argument('--device', default='cpu')
    return parser.parse_args()


def literal(neck: CrossLayerAttention, feats: list[torch.Tensor]) -> torch.Tensor:
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
def main() -> None:
    """Measure and print."""
    args = parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    neck = CrossLayerAttention().to(args.device)
    print('| input | attention | memory (MiB) | time (ms) |')
    print('| --- | --- | ---: | ---: |')
    for size in args.sizes:
        feats = [
            torch.rand(1, 256, -(-size // x), -(-size // x), device=args.device)
            for x in STRIDES
        ]
        variants = {
            'equations 4 to 7, literal': partial(literal, neck, feats),
            'CrossLayerAttention': partial(neck, feats),
        }
        if (
            not F.cosine_similarity(
                *(work().flatten() for work in variants.values()), dim=0
            )
            > 0.9999
        ):
            sys.exit('The two do not agree: this is a bug.')
        for name, work in variants.items():
            times = []
            for _ in range(args.iters):
                start = time.perf_counter()
                work().sum().item()  # waits for a GPU
                times.append(1e3 * (time.perf_counter() - start))
            print(
                f'| {size} x {size} | {name} | {peak_memory(work, args.device):.0f} '
                f'| {statistics.median(times):.0f} |'
            )


if __name__ == '__main__':
    main()
