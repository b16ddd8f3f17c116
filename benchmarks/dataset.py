"""Start-up and an epoch of loading, with as many images as COCO has."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measurement.dataset import (
    measure_epoch,
    measure_start,
    write_synthetic_annotations,
)
from epsnet_mm.datasets import EPSNetPanopticDataset
from epsnet_mm.datasets.synthetic.shapes import make_shapes

from mmengine.config import Config
from mmengine.registry import DefaultScope

ROOT = Path(__file__).parents[1]


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Runs on Linux, which tells the memory of a process.',
    )
    parser.add_argument(
        '--images', type=int, default=118_287, help="default: COCO's 118,287"
    )
    parser.add_argument(
        '--segments', type=int, default=12, help='segments of an image (default: 12)'
    )
    parser.add_argument(
        '--samples',
        type=int,
        default=1000,
        help='images that are loaded and augmented (default: 1000)',
    )
    parser.add_argument(
        '--workers', type=int, default=2, help='of the data loader (default: 2)'
    )
    parser.add_argument('--child', nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def start(folder: str, cache_dir: str | None) -> EPSNetPanopticDataset:
    """Build the synthetic dataset, as a rank of a training job does."""
    # A trial with few images is cached too.
    EPSNetPanopticDataset.CACHE_FROM_BYTES = 0
    return EPSNetPanopticDataset(
        ann_file='panoptic.json',
        data_root=folder,
        data_prefix=dict(img='img', seg='seg'),
        filter_cfg=dict(filter_without_things=True, min_size=32),
        cache_dir=cache_dir,
    )


def augmented_shapes(folder: str) -> EPSNetPanopticDataset:
    """Shapes of COCO's size, with the pipeline of the COCO configs."""
    make_shapes(f'{folder}/shapes', train=20, val=1, size=550)
    config = Config.fromfile(ROOT / 'configs/_base_/datasets/coco_panoptic.py')
    with DefaultScope.overwrite_default_scope('mmdet'):
        return EPSNetPanopticDataset(
            ann_file='annotations/panoptic_train.json',
            data_root=f'{folder}/shapes',
            data_prefix=dict(img='train', seg='annotations/panoptic_train'),
            pipeline=config.train_pipeline,
        )


def measure(args: argparse.Namespace, case: str, folder: str) -> dict:
    """One case, in a process of its own."""
    if case == 'samples':
        dataset = augmented_shapes(folder)
        indices = [number % len(dataset) for number in range(args.samples)]
        return measure_epoch(dataset, indices, args.workers)
    cache_dir = None if case == 'none' else f'{folder}/cache'
    dataset, found = measure_start(lambda: start(folder, cache_dir))
    if case == 'warm':
        found['epoch'] = measure_epoch(dataset, range(len(dataset)), args.workers)
    return found


def main() -> None:
    """Measure each case in a fresh process, and print a table."""
    args = parse_args()
    if args.child:
        case, folder = args.child
        print('\n' + json.dumps(measure(args, case, folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        write_synthetic_annotations(Path(folder), args.images, args.segments)
        size = Path(folder, 'panoptic.json').stat().st_size / 1e6
        print(f'{args.images:,} images, {args.segments} segments each, {size:.0f} MB')
        print('| cache | start-up, s | resident before, MiB | peak, MiB |')
        print('| --- | --- | --- | --- |')
        for case in ('none', 'cold', 'warm'):
            found = _run(case, folder)
            print(
                f'| {case} | {found["seconds"]:.1f} | {found["before"]:.0f} | '
                f'{found["peak"]:.0f} |'
            )
        samples = _run('samples', folder)
    print(f'\nPrivate memory of a worker, of {args.workers}:')
    print('| loaded | s | after a tenth, MiB | at the end, MiB |')
    print('| --- | --- | --- | --- |')
    for name, row in (
        (f'entries of {args.images:,} images', found['epoch']),
        (f'{args.samples:,} augmented images', samples),
    ):
        print(
            f'| {name} | {row["seconds"]:.0f} | {row["early"]:.0f} | '
            f'{row["late"]:.0f} |'
        )


def _run(case: str, folder: str) -> dict:
    command = [sys.executable, '-m', 'benchmarks.dataset', *sys.argv[1:]]
    done = subprocess.run(
        [*command, '--child', case, folder],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == '__main__':
    main()
