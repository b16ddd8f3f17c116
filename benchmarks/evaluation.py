"""Time of loading and evaluating panoptic data, with MMDetection as baseline."""

import argparse
import tempfile

from benchmarks.measurement import report
from benchmarks.measurement.command_line import command_text, positive
from benchmarks.measurement.environment import describe_machine, set_threads
from benchmarks.measurement.evaluation import (
    compare_decoding,
    compare_loading,
    compare_metrics,
)
from epsnet_mm.datasets import EPSNetPanopticDataset
from epsnet_mm.datasets.synthetic.shapes import make_shapes


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Without a dataset, synthetic images of 640 x 640 px are generated. '
        'Ends with an error if the results of both are not equal.',
    )
    parser.add_argument('--ann-file', help='COCO panoptic JSON')
    parser.add_argument('--img-dir', help='folder of its images')
    parser.add_argument('--seg-dir', help='folder of its PNGs')
    parser.add_argument(
        '--images', type=positive, default=50, help='largest number (default: 50)'
    )
    parser.add_argument(
        '--repeats',
        type=positive,
        default=3,
        help='measurements per image (default: 3)',
    )
    parser.add_argument(
        '--threads',
        type=positive,
        default=1,
        help='threads of PyTorch and OpenCV (default: 1, as in data loaders)',
    )
    args = parser.parse_args(argv)
    given = [args.ann_file, args.img_dir, args.seg_dir]
    if any(given) and not all(given):
        parser.error('--ann-file, --img-dir and --seg-dir belong together')
    return args


def load_dataset(args: argparse.Namespace, folder: str) -> EPSNetPanopticDataset:
    """The given dataset, or synthetic images in `folder`."""
    if args.ann_file is None:
        make_shapes(f'{folder}/shapes', train=args.images, val=1, size=640)
        args.ann_file = f'{folder}/shapes/annotations/panoptic_train.json'
        args.img_dir = f'{folder}/shapes/train'
        args.seg_dir = f'{folder}/shapes/annotations/panoptic_train'
    return EPSNetPanopticDataset(
        ann_file=args.ann_file,
        data_prefix=dict(img=args.img_dir, seg=args.seg_dir),
        test_mode=True,
        indices=args.images,
    )


def main() -> None:
    """Measure and print."""
    args = parse_args()
    set_threads(args.threads)
    with tempfile.TemporaryDirectory() as folder:
        dataset = load_dataset(args, folder)
        comparisons = {
            'decoding': compare_decoding(dataset, args.repeats),
            'loading': compare_loading(dataset, args.repeats),
            'evaluation': compare_metrics(dataset, args.repeats),
        }
    print(
        report.evaluation_report(
            comparisons,
            describe_machine('cpu'),
            len(dataset),
            args.repeats,
            command_text('evaluation'),
        )
    )


if __name__ == '__main__':
    main()
