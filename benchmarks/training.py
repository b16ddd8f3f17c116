"""Time of a training step of EPSNet, by part."""

import argparse
import shlex
import sys
from pathlib import Path

from benchmarks.measurement import report
from benchmarks.measurement.environment import describe_machine
from benchmarks.measurement.latency import set_threads
from benchmarks.measurement.training import measure_training
from epsnet_mm.engine.denormals import flush_denormals

ROOT = Path(__file__).resolve().parents[1]


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Weights are random and images generated, 640 x 640 px. Data is '
        'loaded in the training process; with workers it costs nothing as long as '
        'they keep up.',
    )
    parser.add_argument(
        'config',
        nargs='?',
        default=ROOT / 'configs/epsnet/epsnet_r50_fpn_coco.py',
        type=Path,
        help='config file (default: epsnet_r50_fpn_coco.py)',
    )
    parser.add_argument('--batch-size', type=int, default=2, help='(default: 2)')
    parser.add_argument('--iters', type=int, default=5, help='(default: 5)')
    parser.add_argument('--warmup', type=int, default=1, help='(default: 1)')
    parser.add_argument('--threads', type=int, help="PyTorch's, on the CPU")
    parser.add_argument('--device', default='cpu', help='cpu (default) or cuda')
    parser.add_argument(
        '--keep-denormals',
        action='store_true',
        help='compute with denormal numbers, which tools/train.py takes for 0',
    )
    return parser.parse_args(argv)


def main() -> None:
    """Measure and print."""
    args = parse_args()
    if not args.keep_denormals:
        flush_denormals()
    set_threads(args.threads)
    measured = measure_training(
        args.config,
        args.batch_size,
        args.iters,
        args.warmup,
        args.device,
        progress=lambda message: print(message, file=sys.stderr, flush=True),
    )
    command = shlex.join(['python', '-m', 'benchmarks.training', *sys.argv[1:]])
    print(
        report.training_report(
            measured,
            describe_machine(args.device),
            args.config.stem,
            args.batch_size,
            args.iters,
            args.warmup,
            command,
        )
    )


if __name__ == '__main__':
    main()
