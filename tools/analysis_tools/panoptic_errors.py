"""Where the PQ of COCO panoptic results gets lost, with intervals, as Markdown.

The results are those that an evaluator with `outfile_prefix` writes, or any others in
COCO's format. docs/error_analysis.md explains the tables.

Example: panoptic_errors.py out.panoptic.json panoptic_val.json panoptic_val
"""

import argparse
import json
from pathlib import Path

from epsnet_mm.analysis.pq_errors.bootstrap import draw
from epsnet_mm.analysis.pq_errors.comparison import compare
from epsnet_mm.analysis.pq_errors.error_analysis import ErrorAnalysis, analyze_errors
from epsnet_mm.analysis.pq_errors.result_files import ResultFiles
from epsnet_mm.analysis.pq_errors.summary import summarize
from epsnet_mm.analysis.pq_errors.tables import (
    cause_table,
    class_table,
    comparison_table,
    quality_table,
    size_table,
)
from epsnet_mm.engine.command_line import add_results, exit_on_error
from epsnet_runtime.atomic_write import write_atomically
from epsnet_runtime.commands.options import positive


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_results(parser)
    parser.add_argument(
        '--against',
        metavar='RESULTS',
        help='results of another run on the same images, to compare with',
    )
    parser.add_argument(
        '--against-dir', help='its PNGs; default: its results without .json'
    )
    parser.add_argument(
        '--classwise', action='store_true', help='add a table of the classes'
    )
    parser.add_argument(
        '--boundary', action='store_true', help='measure boundary PQ too'
    )
    parser.add_argument(
        '--resamples',
        type=positive,
        default=1000,
        help='draws of the bootstrap (default: %(default)s)',
    )
    parser.add_argument(
        '--seed', type=int, default=0, help='of the draws (default: %(default)s)'
    )
    parser.add_argument('--json', metavar='FILE', help='write all numbers to a file')
    parser.add_argument('--quiet', action='store_true', help='show no progress')
    return parser.parse_args()


def load(args: argparse.Namespace, results: str, folder: str | None) -> ErrorAnalysis:
    files = ResultFiles(results, args.ann_file, args.seg_dir, folder)
    return analyze_errors(files, args.boundary, args.quiet)


def main() -> None:
    args = parse_args()
    with exit_on_error():
        analysis = load(args, args.results, args.results_dir)
        draws = draw(analysis.groups, args.resamples, args.seed)
        content = summarize(analysis, draws)
        if args.against:
            other = load(args, args.against, args.against_dir)
            content['against'] = compare(analysis, other, draws)
        if args.json:
            write_atomically(json.dumps(content).encode(), Path(args.json))
    tables = [quality_table(content), cause_table(content), size_table(content)]
    if args.classwise:
        tables.append(class_table(content))
    if args.against:
        tables.append(comparison_table(content['against']))
    print('\n\n'.join(tables))


if __name__ == '__main__':
    main()
