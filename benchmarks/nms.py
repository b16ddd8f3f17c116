"""Time of greedy NMS with mmcv's compiled op and without."""

import argparse

from benchmarks.measurement.command_line import add_machine, add_runs, positive
from benchmarks.measurement.environment import set_threads
from benchmarks.measurement.nms import measure_nms
from benchmarks.measurement.report import nms_table


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--candidates',
        type=positive,
        nargs='+',
        default=[100, 1000],
        help='numbers of boxes (default: 100 1000)',
    )
    add_runs(parser, iters=100, warmup=10)
    add_machine(parser)
    return parser.parse_args(argv)


def main() -> None:
    """Measure and print."""
    args = parse_args()
    set_threads(args.threads)
    costs = [
        cost
        for count in args.candidates
        for cost in measure_nms(count, args.iters, args.warmup, args.device)
    ]
    print(nms_table(costs))


if __name__ == '__main__':
    main()
