"""Panoptic segmentation on a CPU: time, memory, size and PQ of networks and files."""

import argparse
import sys
from pathlib import Path

from benchmarks.measurement.command_line import (
    command_text,
    positive,
    print_progress,
)
from benchmarks.measurement.environment import (
    describe_machine,
    set_threads,
    usable_cores,
)
from benchmarks.measurement.leaderboard.plot import plot
from benchmarks.measurement.leaderboard.row import read_rows
from benchmarks.measurement.leaderboard.table import as_json, leaderboard
from benchmarks.measurement.leaderboard.turns import Budget, measure_rows

ROWS = Path(__file__).with_name('cpu_leaderboard.json')


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Writes cpu_leaderboard.md, .json and .png to --out-dir. Each row runs '
        'in a process of its own; all take turns.',
    )
    parser.add_argument(
        '--rows',
        type=Path,
        default=ROWS,
        help='JSON file of what to run (default: benchmarks/cpu_leaderboard.json)',
    )
    parser.add_argument(
        '--only', metavar='TEXT', help='only the baseline and rows whose title has it'
    )
    parser.add_argument(
        '--skip-missing',
        action='store_true',
        help='leave out, and name, rows whose files are not there',
    )
    parser.add_argument(
        '--image-size',
        type=positive,
        nargs=2,
        default=(480, 640),
        metavar=('H', 'W'),
        help='of the synthetic image, in pixels (default: 480 640)',
    )
    parser.add_argument(
        '--threads', type=positive, default=2, help='of each process (default: 2)'
    )
    parser.add_argument(
        '--seconds', type=float, default=10, help='per row (default: 10)'
    )
    parser.add_argument(
        '--calls',
        type=positive,
        nargs=2,
        default=(5, 60),
        metavar=('MIN', 'MAX'),
        help='per row, however slow or fast it is (default: 5 60)',
    )
    parser.add_argument(
        '--rounds',
        type=positive,
        default=5,
        help='that the calls are spread over (default: 5)',
    )
    parser.add_argument(
        '--at-once',
        type=positive,
        default=16,
        metavar='ROWS',
        help='whose processes live at the same time; fewer take less memory '
        '(default: 16)',
    )
    parser.add_argument(
        '--start-limit',
        type=float,
        default=120,
        metavar='SECONDS',
        help='in which a row must be ready, compiled and warm (default: 120)',
    )
    parser.add_argument(
        '--out-dir',
        type=Path,
        default=Path('work_dirs/cpu_leaderboard'),
        help='(default: work_dirs/cpu_leaderboard)',
    )
    return parser.parse_args(argv)


def choose_rows(args: argparse.Namespace) -> list:
    """The rows that can and shall run.

    Raises:
        ValueError: A row is wrong, its files are missing, or there are more threads
            than cores.
    """
    if args.threads > usable_cores():
        raise ValueError(
            f'--threads {args.threads} is more than the {usable_cores()} cores that '
            'this process may use; give as many threads as cores, as threads that '
            'wait for each other on one core take longer.'
        )
    rows = read_rows(args.rows)
    if args.only:
        rows = [x for x in rows if x.baseline or args.only in x.title]
    missing = sorted({file for row in rows for file in row.missing})
    if missing and not args.skip_missing:
        raise ValueError(
            f'Missing: {", ".join(missing)}; make them as docs/cpu_leaderboard.md '
            'tells, or add --skip-missing.'
        )
    for file in missing:
        print_progress(f'left out: {file} is missing')
    return [row for row in rows if not row.missing]


def main() -> None:
    """Measure, print and write."""
    args = parse_args()
    set_threads(args.threads)
    try:
        rows = choose_rows(args)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    budget = Budget(args.seconds, *args.calls, args.rounds, args.start_limit)
    results, failures = measure_rows(
        rows,
        tuple(args.image_size),
        budget,
        args.threads,
        print_progress,
        args.at_once,
    )
    machine = describe_machine('cpu')
    facts = dict(machine, Rounds=str(args.rounds))
    facts['Command'] = f'`{command_text("cpu_leaderboard")}`'
    text = leaderboard(results, failures, facts)
    args.out_dir.mkdir(parents=True, exist_ok=True)
    name = args.out_dir / 'cpu_leaderboard'
    name.with_suffix('.md').write_text(text + '\n', encoding='utf-8')
    name.with_suffix('.json').write_text(
        as_json(results, failures, facts) + '\n', encoding='utf-8'
    )
    caption = f'{machine["Processor"]}, {args.threads} threads, {machine["Date"]}'
    plot(name.with_suffix('.png'), results, caption)
    print(text)
    if failures:
        sys.exit(1)


if __name__ == '__main__':
    main()
