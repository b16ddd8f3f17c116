"""Check a COCO panoptic dataset before training, and list all its problems."""

import argparse
import sys

from epsnet_mm.analysis.report.dataset_report import write_dataset_report
from epsnet_mm.datasets.validation.class_table import class_table
from epsnet_mm.datasets.validation.crowded_images import crowd_warnings, max_per_img
from epsnet_mm.datasets.validation.dataset_check import check_dataset, fix_areas
from epsnet_mm.datasets.validation.dataset_comparison import compare_datasets
from epsnet_mm.engine.command_line import exit_on_error
from epsnet_mm.engine.runner_config import load_config


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
    parser.add_argument(
        '--against',
        metavar='OTHER.json',
        help='annotation file of another dataset, as that of validation: compare '
        'categories, and find images that are in both, by their content',
    )
    parser.add_argument(
        '--against-images',
        metavar='DIR',
        help='folder of the images of --against (default: IMG_DIR)',
    )
    parser.add_argument(
        '--config',
        help='config file of a network: find images with more things than its '
        '`max_per_img`',
    )
    parser.add_argument(
        '--html',
        metavar='REPORT',
        help='write a page with what was found and the ten worst images',
    )
    parser.add_argument('--jobs', type=int, default=1, help='number of processes')
    args = parser.parse_args()
    if args.jobs < 1:
        parser.error(f'--jobs {args.jobs} must be at least 1')
    if args.against_images and not args.against:
        parser.error('--against-images needs --against')
    return args


def main() -> None:
    args = parse_args()
    with exit_on_error():
        # Before the long part, so that a wrong name does not cost it.
        limit = None
        if args.config:
            limit = max_per_img(load_config(args.config), args.config)
        report = check_dataset(args.ann_file, args.seg_dir, args.img_dir, args.jobs)
        if limit is not None:
            report.warnings += crowd_warnings(report.content, limit, args.config)
        if args.against:
            report.problems += compare_datasets(
                report.content,
                args.img_dir,
                args.against,
                args.against_images or args.img_dir,
            )
        if args.html:
            # Before `--fix-areas` clears what it has corrected.
            write_dataset_report(report, args.html)
        if args.fix_areas and report.wrong_measures:
            count = len(report.wrong_measures)
            backup = fix_areas(report)
            print(
                f'Corrected {count} areas and boxes in {args.ann_file}; the old file '
                f'is {backup}.'
            )
    print(class_table(report.content, report.pixels))
    for warning in report.warnings:
        print(f'Warning: {warning}')
    problems = report.problems + report.wrong_measures
    for problem in problems:
        print(problem)
    counts = f'{len(report.content["images"])} images, {len(problems)} problems'
    if report.warnings:
        counts += f', {len(report.warnings)} warnings'
    print(f'{counts}.')
    sys.exit(bool(problems))


if __name__ == '__main__':
    main()
