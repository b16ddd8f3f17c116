"""Latency of EPSNet beside MMDetection's Panoptic FPN and YOLACT."""

import argparse
from pathlib import Path

from benchmarks.measurement import latency, latency_files, report
from benchmarks.measurement.command_line import (
    add_machine,
    add_runs,
    add_speedups,
    command_text,
    positive,
    print_progress,
)
from benchmarks.measurement.detectors import DETECTORS, find_detector
from benchmarks.measurement.environment import describe_machine

ROOT = Path(__file__).resolve().parents[1]


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Writes benchmark.md, benchmark.csv and benchmark.png to --out-dir. '
        'Weights are random.',
    )
    _add_inputs(parser)
    add_runs(parser, iters=20, warmup=3)
    add_machine(parser)
    _add_switches(parser)
    parser.add_argument(
        '--out-dir',
        type=Path,
        default=Path('work_dirs/benchmark'),
        help='(default: work_dirs/benchmark)',
    )
    args = parser.parse_args(argv)
    if len(args.size) > 2:
        parser.error('--size must be one or two numbers')
    for name in args.models:
        try:
            find_detector(name)
        except ValueError as error:
            parser.error(f'--models: {error}')
    return args


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        '--models',
        nargs='+',
        default=list(DETECTORS),
        metavar='MODEL',
        help=f'of {", ".join(DETECTORS)} (default: all), or config files of EPSNet',
    )
    parser.add_argument(
        '--size',
        type=positive,
        nargs='+',
        default=[550],
        metavar='N',
        help='side of the square network input in pixels, or its '
        'height and width (default: 550)',
    )
    parser.add_argument(
        '--image-size',
        type=positive,
        nargs=2,
        default=(480, 640),
        metavar=('H', 'W'),
        help='size of the images in pixels (default: 480 640)',
    )
    parser.add_argument('--batch-size', type=positive, default=1, help='(default: 1)')
    parser.add_argument(
        '--detections', type=positive, default=100, help='per image (default: 100)'
    )


def _add_switches(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        '--precision',
        choices=['fp32', 'bf16', 'fp16'],
        default='fp32',
        help='bf16 and fp16 use autocast (default: fp32)',
    )
    parser.add_argument(
        '--fuse-conv-bn',
        action='store_true',
        help='fold normalization into convolutions',
    )
    add_speedups(parser)
    parser.add_argument(
        '--isolate',
        action='store_true',
        help='measure each model in a process of its own, one after the other; by '
        'default all take turns in one process',
    )


def main() -> None:
    """Measure, print and write."""
    args = parse_args()
    args.out_dir.mkdir(parents=True, exist_ok=True)
    settings = latency.Settings(
        input_size=(args.size[0], args.size[-1]),
        image_size=tuple(args.image_size),
        batch_size=args.batch_size,
        iters=args.iters,
        warmup=args.warmup,
        detections=args.detections,
        precision=args.precision,
        channels_last=args.channels_last,
        fuse_conv_bn=args.fuse_conv_bn,
        compile=args.compile,
        device=args.device,
        threads=args.threads,
    )
    measure = latency.measure_isolated if args.isolate else latency.measure_latency
    results = measure(args.models, ROOT / 'configs', settings, print_progress)
    machine = describe_machine(args.device)
    caption = f'{machine.get("GPU", machine["Processor"])}, {settings.precision}'
    latency_files.write_csv(args.out_dir / 'benchmark.csv', results)
    latency_files.plot_stages(args.out_dir / 'benchmark.png', results, caption)
    order = 'each in its own process' if args.isolate else 'in turns, in one process'
    text = report.latency_report(
        results, dict(machine, Order=order), settings, command_text('panoptic')
    )
    (args.out_dir / 'benchmark.md').write_text(text + '\n', encoding='utf-8')
    print(text)


if __name__ == '__main__':
    main()
