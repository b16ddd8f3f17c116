"""Train a model: `python tools/train.py CONFIG`."""

import argparse
import os

from epsnet_mm.engine import runner_config
from epsnet_mm.engine.command_line import add_cfg_options, exit_on_error
from epsnet_mm.engine.denormals import flush_denormals
from epsnet_mm.engine.safe_load import install_safe_load


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line; the flags are those of MMDetection's tool."""
    parser = argparse.ArgumentParser(description='Train a model')
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--work-dir',
        help='where logs and checkpoints go (default: ./work_dirs/<config name>)',
    )
    parser.add_argument(
        '--amp',
        action='store_true',
        help='mixed precision: float16 on a GPU, bfloat16 on a CPU',
    )
    parser.add_argument(
        '--auto-scale-lr',
        action='store_true',
        help='scale the learning rate with the total batch size',
    )
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        metavar='CHECKPOINT',
        help='continue from this checkpoint; without a value, from the latest '
        'in the work directory',
    )
    add_cfg_options(parser)
    parser.add_argument(
        '--quiet',
        action='store_true',
        help='show a progress bar and the metrics; all else goes to the log file',
    )
    parser.add_argument(
        '--launcher',
        choices=['none', 'pytorch', 'slurm', 'mpi'],
        default='none',
        help='how the processes were started',
    )
    parser.add_argument(
        '--local_rank', '--local-rank', type=int, default=0, help='set by the launcher'
    )
    return parser.parse_args(argv)


def main() -> None:
    """Build the config's Runner and train."""
    args = parse_args()
    flush_denormals()
    install_safe_load()
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    with exit_on_error():
        cfg = runner_config.load_config(
            args.config, args.cfg_options, args.work_dir, args.allow_new_keys
        )
    if args.amp:
        runner_config.enable_amp(cfg)
    if args.auto_scale_lr:
        runner_config.enable_auto_scale_lr(cfg)
    runner_config.set_resume(cfg, args.resume)
    runner_config.set_launcher(cfg, args.launcher)
    runner_config.build_runner(cfg, args.quiet).train()


if __name__ == '__main__':
    main()
