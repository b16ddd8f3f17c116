"""Latency of EPSNet beside MMDetection's Panoptic FPN and YOLACT."""

import argparse
import shlex
import sys
from pathlib import Path

from benchmarks.measurement import latency, report
from benchmarks.measurement.detectors import DETECTORS, find_detector
from benchmarks.measurement.environment import describe_machine
from benchmarks.measurement.postprocess import measure_postprocess

ROOT = Path(__file__).resolve().parents[1]

INSTANCES = (10, 30, 100)
IMAGE_SIZES = ((480, 640), (1500, 2000))
NMS = dict(
    nms=dict(type='nms', iou_threshold=0.5),
    fast_nms=dict(type='fast_nms', iou_threshold=0.5, top_k=200),
)


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Writes benchmark.md, benchmark.csv and benchmark.png to --out-dir; '
        'with --postprocess-only, postprocess.md. Weights are random.',
    )
    parser.add_argument(
        '--models',
        nargs='+',
        default=list(DETECTORS),
        metavar='MODEL',
        help=f'of {", ".join(DETECTORS)} (default: all), or config files of EPSNet',
    )
    parser.add_argument(
        '--size',
        type=int,
        nargs='+',
        default=[550],
        metavar='N',
        help='side of the square network input in pixels, or its '
        'height and width (default: 550)',
    )
    parser.add_argument(
        '--image-size',
        type=int,
        nargs=2,
        default=(480, 640),
        metavar=('H', 'W'),
        help='of the images (default: 480 640)',
    )
    parser.add_argument('--batch-size', type=int, default=1, help='(default: 1)')
    parser.add_argument(
        '--iters', type=int, default=20, help='timed iterations (default: 20)'
    )
    parser.add_argument(
        '--warmup', type=int, default=3, help='iterations before them (default: 3)'
    )
    parser.add_argument(
        '--detections', type=int, default=100, help='of each image (default: 100)'
    )
    parser.add_argument('--threads', type=int, help="PyTorch's, on the CPU")
    parser.add_argument('--device', default='cpu', help='cpu (default) or cuda')
    parser.add_argument(
        '--precision',
        choices=['fp32', 'bf16', 'fp16'],
        default='fp32',
        help='the latter two by autocast (default: fp32)',
    )
    parser.add_argument(
        '--channels-last',
        action='store_true',
        help='memory format of weights and images',
    )
    parser.add_argument(
        '--fuse-conv-bn',
        action='store_true',
        help='fold normalisation into convolutions',
    )
    parser.add_argument(
        '--compile', action='store_true', help='compile the network with torch.compile'
    )
    parser.add_argument(
        '--isolate',
        action='store_true',
        help='each model in a process of its own, one after the other, '
        'instead of all in turns',
    )
    parser.add_argument(
        '--postprocess-only',
        action='store_true',
        help='measure NMS to panoptic map alone, for 10, 30, 100 '
        'instances at 640 x 480 and 2000 x 1500',
    )
    parser.add_argument(
        '--nms',
        choices=list(NMS),
        default='nms',
        help='for --postprocess-only (default: nms)',
    )
    parser.add_argument(
        '--out-dir',
        type=Path,
        default=Path('work_dirs/benchmark'),
        help='(default: work_dirs/benchmark)',
    )
    args = parser.parse_args(argv)
    if len(args.size) > 2 or min(args.size) < 1:
        parser.error('--size must be one or two numbers, each at least 1')
    for count in ('batch_size', 'iters', 'detections'):
        if getattr(args, count) < 1:
            parser.error(f'--{count.replace("_", "-")} must be at least 1')
    for name in args.models:
        try:
            find_detector(name)
        except ValueError as error:
            parser.error(f'--models: {error}')
    return args


def show_progress(message: str) -> None:
    """Tell what is going on, apart from the results."""
    print(message, file=sys.stderr, flush=True)


def compare_detectors(args: argparse.Namespace, settings: latency.Settings) -> str:
    """Measure whole detectors; writes CSV and plot, returns Markdown."""
    measure = latency.measure_isolated if args.isolate else latency.measure_latency
    results = measure(args.models, ROOT / 'configs', settings, show_progress)
    machine = describe_machine(args.device)
    report.write_csv(args.out_dir / 'benchmark.csv', results)
    caption = f'{machine.get("GPU", machine["Processor"])}, {settings.precision}'
    report.plot_stages(args.out_dir / 'benchmark.png', results, caption)
    order = 'each in its own process' if args.isolate else 'in turns, in one process'
    head = report.header(dict(machine, Order=order), settings, command_line())
    table = report.markdown_table(report.latency_rows(results, args.batch_size))
    return f'{head}\n{table}'


def measure_postprocessing(args: argparse.Namespace) -> str:
    """Measure NMS to panoptic map; returns Markdown."""
    costs = []
    for image_size in IMAGE_SIZES:
        for instances in INSTANCES:
            show_progress(f'{instances} instances, {image_size[1]} x {image_size[0]}')
            costs.append(
                measure_postprocess(
                    ROOT / 'configs',
                    instances,
                    image_size,
                    NMS[args.nms],
                    args.iters,
                    args.warmup,
                    args.device,
                )
            )
    head = report.postprocess_header(
        describe_machine(args.device), args.nms, args.iters, args.warmup, command_line()
    )
    return f'{head}\n{report.markdown_table(report.postprocess_rows(costs))}'


def command_line() -> str:
    """The command that was typed."""
    return shlex.join(['python', '-m', 'benchmarks.panoptic', *sys.argv[1:]])


def main() -> None:
    """Measure, print and write."""
    args = parse_args()
    args.out_dir.mkdir(parents=True, exist_ok=True)
    latency.set_threads(args.threads)
    if args.postprocess_only:
        text, name = measure_postprocessing(args), 'postprocess.md'
    else:
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
        text, name = compare_detectors(args, settings), 'benchmark.md'
    (args.out_dir / name).write_text(text)
    print(text)


if __name__ == '__main__':
    main()
