"""Time of a training step of EPSNet, by part, and GPU hours of a schedule."""

import argparse
from pathlib import Path

from benchmarks.measurement import report
from benchmarks.measurement.command_line import (
    add_machine,
    add_runs,
    add_speedups,
    command_text,
    positive,
    print_progress,
)
from benchmarks.measurement.environment import describe_machine, set_threads
from benchmarks.measurement.training import (
    TrainingSettings,
    measure_training,
    schedule_images,
)
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.command_line import exit_on_error
from epsnet_mm.engine.denormals import flush_denormals

import torch

ROOT = Path(__file__).resolve().parents[1]


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Weights are random, and images are synthetic, of 640 x 640 px. Data is '
        'loaded in the training process; workers would load it at the same time.',
    )
    parser.add_argument(
        'config',
        nargs='?',
        default=ROOT / 'configs/epsnet/epsnet_r50_fpn_coco.py',
        type=Path,
        help='config file (default: epsnet_r50_fpn_coco.py)',
    )
    parser.add_argument('--batch-size', type=positive, default=2, help='(default: 2)')
    add_runs(parser, iters=5, warmup=1)
    add_machine(parser)
    parser.add_argument(
        '--amp',
        action='store_true',
        help='mixed precision: float16 on a GPU, bfloat16 on a CPU',
    )
    add_speedups(parser)
    parser.add_argument(
        '--schedule',
        metavar='CONFIG',
        help='estimate the hours for as many images as this config trains on',
    )
    parser.add_argument(
        '--keep-denormals',
        action='store_true',
        help='compute with denormal numbers, which tools/train.py sets to 0',
    )
    args = parser.parse_args(argv)
    if args.amp and args.device == 'cpu' and torch.cuda.is_available():
        parser.error('--amp uses the GPU where there is one: give --device cuda')
    return args


def main() -> None:
    """Measure and print."""
    args = parse_args()
    if not args.keep_denormals:
        flush_denormals()
    set_threads(args.threads)
    settings = TrainingSettings(
        batch_size=args.batch_size,
        iters=args.iters,
        warmup=args.warmup,
        amp=args.amp,
        channels_last=args.channels_last,
        compile=args.compile,
        device=args.device,
    )
    images = None
    with exit_on_error():
        if args.schedule:
            images = schedule_images(runner_config.load_config(args.schedule))
        cost = measure_training(args.config, settings, print_progress)
    text = report.training_report(
        cost,
        describe_machine(args.device),
        args.config.stem,
        settings,
        command_text('training'),
    )
    print(text)
    if images is not None:
        print(f'\n{report.schedule_line(Path(args.schedule).stem, images, cost)}')


if __name__ == '__main__':
    main()
