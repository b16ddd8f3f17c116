"""Memory and time of cross-layer attention, and of its literal equations."""

import argparse

from benchmarks.measurement import report
from benchmarks.measurement.attention import measure_attention
from benchmarks.measurement.command_line import add_machine, positive
from benchmarks.measurement.environment import set_threads


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--sizes',
        type=positive,
        nargs='+',
        default=[550, 1100],
        help='sides of the input in pixels (default: 550 1100)',
    )
    parser.add_argument(
        '--iters', type=positive, default=5, help='timed iterations (default: 5)'
    )
    add_machine(parser)
    return parser.parse_args(argv)


def main() -> None:
    """Measure and print."""
    args = parse_args()
    set_threads(args.threads)
    costs = [
        cost
        for size in args.sizes
        for cost in measure_attention(size, args.iters, args.device)
    ]
    print(report.attention_table(costs))


if __name__ == '__main__':
    main()
