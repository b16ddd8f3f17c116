"""Speed of panoptic loading and evaluation, beside MMDetection's."""
import argparse
import shlex
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import epsnet_mm  # noqa: E402, F401  (first: it prepares mmcv for mmdet)
from epsnet_mm.benchmark import report  # noqa: E402
from epsnet_mm.benchmark.environment import describe_machine  # noqa: E402
from epsnet_mm.benchmark.evaluation import (  # noqa: E402
    compare_decoding,
    compare_loading,
    compare_metrics,
)
from epsnet_mm.benchmark.latency import set_threads  # noqa: E402
from epsnet_mm.datasets import PanopticDataset  # noqa: E402
from epsnet_mm.datasets.shapes import make_shapes  # noqa: E402


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Without a data set, shapes of 640 x 640 px are generated. Ends in an '
        'error if the results are not identical.')
    parser.add_argument('--ann-file', help='COCO panoptic JSON')
    parser.add_argument('--img-dir', help='folder of its images')
    parser.add_argument('--seg-dir', help='folder of its PNGs')
    parser.add_argument('--images', type=int, default=50,
                        help='use this many at most (default: 50)')
    parser.add_argument('--repeats', type=int, default=3,
                        help='how often each is measured (default: 3)')
    parser.add_argument('--threads', type=int, default=1,
                        help="PyTorch's and OpenCV's (default: 1, as in data loaders)")
    args = parser.parse_args(argv)
    given = [args.ann_file, args.img_dir, args.seg_dir]
    if any(given) and not all(given):
        parser.error('--ann-file, --img-dir and --seg-dir belong together')
    return args


def load_dataset(args: argparse.Namespace, folder: str) -> PanopticDataset:
    """The given data set, or shapes in `folder`."""
    if args.ann_file is None:
        make_shapes(f'{folder}/shapes', train=args.images, val=1, size=640)
        args.ann_file = f'{folder}/shapes/annotations/panoptic_train.json'
        args.img_dir = f'{folder}/shapes/train'
        args.seg_dir = f'{folder}/shapes/annotations/panoptic_train'
    return PanopticDataset(
        ann_file=args.ann_file, data_prefix=dict(img=args.img_dir, seg=args.seg_dir),
        test_mode=True, indices=args.images)


def main() -> None:
    """Measure and print."""
    args = parse_args()
    set_threads(args.threads)
    command = shlex.join(['python', 'tools/analysis_tools/benchmark_evaluation.py',
                          *sys.argv[1:]])
    with tempfile.TemporaryDirectory() as folder:
        dataset = load_dataset(args, folder)
        comparisons = {
            'decoding': compare_decoding(dataset, args.repeats),
            'loading': compare_loading(dataset, args.repeats),
            'evaluation': compare_metrics(dataset, args.repeats)
        }
    print(report.evaluation_report(
        comparisons, describe_machine('cpu'), len(dataset), args.repeats, command))


if __name__ == '__main__':
    main()
