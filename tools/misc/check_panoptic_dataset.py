"""Check a COCO panoptic dataset before training, and list all its problems."""

import argparse
import sys

from epsnet_mm.datasets.validation.dataset_check import (
    check_dataset,
    class_histogram,
    fix_areas,
)
from epsnet_mm.engine.command_line import exit_on_error


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog='The exit status is 1 if a problem remains.'
    )
    parser.add_argument('ann_file', help='COCO panoptic JSON')
    parser.add_argument('seg_dir', help='folder of the segmentation PNGs')
    parser.add_argument('img_dir', help='folder of the images')
    parser.add_argument(
        '--fix-areas',
        action='store_true',
        help='correct areas and boxes in ANN_FILE by those of the PNGs, and keep the '
        'old file as ANN_FILE.bak',
    )
    parser.add_argument('--jobs', type=int, default=1, help='number of processes')
    args = parser.parse_args()
    if args.jobs < 1:
        parser.error(f'--jobs {args.jobs} must be at least 1')
    return args


def main() -> None:
    args = parse_args()
    with exit_on_error():
        report = check_dataset(args.ann_file, args.seg_dir, args.img_dir, args.jobs)
        if args.fix_areas and report.wrong_measures:
            count = len(report.wrong_measures)
            backup = fix_areas(report)
            print(
                f'Corrected {count} areas and boxes in {args.ann_file}; the old file '
                f'is {backup}.'
            )
    print(class_histogram(report.content))
    problems = report.problems + report.wrong_measures
    for problem in problems:
        print(problem)
    print(f'{len(report.content["images"])} images, {len(problems)} problems.')
    sys.exit(bool(problems))


if __name__ == '__main__':
    main()
