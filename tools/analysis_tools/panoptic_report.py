"""Where the PQ of COCO panoptic results gets lost, as one HTML file to look at.

The results are those that `tools/test.py` writes, or any others in COCO's format. The
page needs no server and no network: pictures are inside.

Example: panoptic_report.py out.panoptic.json panoptic_val.json panoptic_val val2017
"""

import argparse

from epsnet_mm.analysis.report.results_report import write_results_report
from epsnet_mm.engine.command_line import add_results, exit_on_error
from epsnet_runtime.commands.options import positive


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_results(parser)
    parser.add_argument('img_dir', help='folder of the images')
    parser.add_argument('--out', default='report.html', help='the file to write')
    parser.add_argument(
        '--title', help='heading of the page; default: the name of the results'
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
        '--max-images',
        type=positive,
        default=60,
        help='different images in the gallery, at most (default: %(default)s)',
    )
    parser.add_argument(
        '--picture-size',
        type=positive,
        default=560,
        help='longest side of its pictures, in pixels (default: %(default)s)',
    )
    parser.add_argument(
        '--sweep',
        metavar='FILE',
        help='show other thresholds, from threshold_sweep.py --json',
    )
    parser.add_argument(
        '--dropped',
        metavar='FILE',
        help='show what thresholds drop, from dropped_segments.py --json',
    )
    parser.add_argument('--quiet', action='store_true', help='show no progress')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        write_results_report(
            args.results,
            args.ann_file,
            args.seg_dir,
            args.img_dir,
            args.out,
            args.results_dir,
            args.title,
            args.sweep,
            args.dropped,
            boundary=args.boundary,
            resamples=args.resamples,
            max_images=args.max_images,
            picture_size=args.picture_size,
            quiet=args.quiet,
        )
    print(f'Report: {args.out}')


if __name__ == '__main__':
    main()
