"""Train a model: `python tools/train.py CONFIG`."""

import argparse
import os

from epsnet_mm.engine import runner_config
from epsnet_mm.engine.command_line import add_cfg_options, exit_on_error
from epsnet_mm.engine.denormals import flush_denormals
from epsnet_mm.engine.lost_processes import name_lost_processes
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
        help='fit learning rate and schedule to the total batch size of all '
        'processes; the epochs stay the same',
    )
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        metavar='CHECKPOINT',
        help='continue from this checkpoint; without a value, from the latest '
        'in the work directory',
    )
    parser.add_argument(
        '--save-on-signal',
        action='store_true',
        help='write a checkpoint when SIGTERM ends the training',
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
        processes = runner_config.count_processes(args.launcher)
        runner_config.enable_auto_scale_lr(cfg, processes)
    if args.save_on_signal:
        runner_config.enable_save_on_signal(cfg)
    runner_config.set_resume(cfg, args.resume)
    runner_config.set_launcher(cfg, args.launcher)
    runner = runner_config.build_runner(cfg, args.quiet)
    with name_lost_processes():
        runner.train()


if __name__ == '__main__':
    main()
