"""Feed damaged and odd inputs to everything that reads files: `make fuzz N=100000`.

The inputs are drawn from seeds, and shared among the surfaces by their weights. The
exit status is 1 if an input ends in a traceback that is not listed in
`known_tracebacks.py`, is accepted although something is wrong, hangs, or crashes.
"""

import argparse
import sys

import torch

from .all_surfaces import SURFACES
from .isolation import Limits, run_isolated
from .table import Table


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--inputs', type=int, default=10_000, help='number of inputs')
    parser.add_argument(
        '--first', type=int, default=0, help='first seed of each surface'
    )
    parser.add_argument('--only', default='', help='part of the name of a surface')
    parser.add_argument('--seconds', type=float, default=30, help='limit per input')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    torch.set_num_threads(1)
    chosen = {name: each for name, each in SURFACES.items() if args.only in name}
    if not chosen:
        sys.exit(
            f'No surface is called {args.only!r}; there are {", ".join(SURFACES)}.'
        )
    total = sum(each.weight for each in chosen.values())
    with Table() as table:
        for name, surface in chosen.items():
            count = max(1, round(args.inputs * surface.weight / total))
            seeds = range(args.first, args.first + count)
            limits = Limits(seconds=args.seconds)
            for result in run_isolated(surface.prepare, name, seeds, limits):
                table.add(name, result)
            print(table.row(name), file=sys.stderr, flush=True)


if __name__ == '__main__':
    main()
