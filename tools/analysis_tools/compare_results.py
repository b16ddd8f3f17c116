"""Compare COCO panoptic results of several checkpoints on the same images.

PQ of each has a bootstrap interval, and its difference to the first one a paired
test: docs/error_analysis.md.

Example: compare_results.py panoptic_val.json panoptic_val a=a.json b=b.json
"""

import argparse
import json
from pathlib import Path

from epsnet_mm.analysis.pq_errors.bootstrap import draw
from epsnet_mm.analysis.pq_errors.error_analysis import analyze_errors
from epsnet_mm.analysis.pq_errors.ranking import (
    draw_ranking,
    rank_runs,
    ranking_table,
)
from epsnet_mm.analysis.pq_errors.result_files import ResultFiles
from epsnet_mm.engine.command_line import exit_on_error
from epsnet_runtime.atomic_write import write_atomically


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('ann_file', help='COCO panoptic JSON of the ground truth')
    parser.add_argument('seg_dir', help="folder of the ground truth's PNGs")
    parser.add_argument(
        'results',
        nargs='+',
        type=named_results,
        metavar='NAME=RESULTS',
        help='name of a row, and its COCO panoptic JSON, with the PNGs in the folder '
        'of this name without .json; the others are compared with the first',
    )
    parser.add_argument('--plot', help='picture to write')
    parser.add_argument('--json', metavar='FILE', help='write all numbers to a file')
    parser.add_argument('--quiet', action='store_true', help='show no progress')
    return parser.parse_args()


def named_results(text: str) -> tuple[str, str]:
    name, _, path = text.partition('=')
    if not name or not path:
        raise argparse.ArgumentTypeError(f'{text!r} is not of the form NAME=RESULTS')
    return name, path


def main() -> None:
    args = parse_args()
    with exit_on_error():
        names = [name for name, _ in args.results]
        if len(set(names)) < len(names):
            raise ValueError(f'A name is there twice in {names}: give each its own.')
        runs = {
            name: analyze_errors(
                ResultFiles(path, args.ann_file, args.seg_dir), quiet=args.quiet
            )
            for name, path in args.results
        }
        rows = rank_runs(runs, draw(runs[names[0]].groups, 1000))
        if args.json:
            write_atomically(json.dumps(rows).encode(), Path(args.json))
        if args.plot:
            Path(args.plot).parent.mkdir(parents=True, exist_ok=True)
            draw_ranking(rows).savefig(args.plot, dpi=120)
    print(ranking_table(rows))


if __name__ == '__main__':
    main()
