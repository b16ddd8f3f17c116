"""Evaluate a checkpoint: `python tools/test.py CONFIG CHECKPOINT`."""

import argparse
import os
from pathlib import Path

from epsnet_mm.analysis.report.raw_outputs import read_numbers
from epsnet_mm.analysis.report.results_report import write_results_report
from epsnet_mm.deployment.exported_detector import is_exported, use_exported
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.command_line import add_cfg_options, exit_on_error
from epsnet_mm.engine.denormals import flush_denormals
from epsnet_mm.engine.safe_load import install_safe_load
from epsnet_mm.visualization.window_check import require_window

from mmdet.engine.hooks.utils import trigger_visualization_hook
from mmdet.evaluation import DumpDetResults
from mmengine.dist import is_main_process

# The end of the name of COCO panoptic results.
_RESULTS = '.panoptic.json'


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line; the flags are those of MMDetection's tool."""
    parser = argparse.ArgumentParser(description='Evaluate a checkpoint')
    parser.add_argument('config', help='config file')
    parser.add_argument(
        'checkpoint', help='checkpoint file (.pth), or an exported file (.onnx, .xml)'
    )
    parser.add_argument(
        '--work-dir',
        help='where the log and the metrics go (default: ./work_dirs/<config name>)',
    )
    parser.add_argument(
        '--out',
        metavar='FILE',
        help="write the predictions: PREFIX.panoptic.json is COCO's panoptic format, "
        'with PNGs in PREFIX.panoptic/, which the tools for errors and reports take; '
        'a .pkl file has all outputs as MMDetection writes them',
    )
    parser.add_argument(
        '--format-only',
        metavar='PREFIX',
        help='write the predictions to PREFIX.panoptic.json and PREFIX.panoptic/, '
        'without evaluating them; the test set needs no annotations',
    )
    parser.add_argument(
        '--zip',
        action='store_true',
        help="with --format-only: pack them into PREFIX.zip, as COCO's server takes it",
    )
    parser.add_argument(
        '--report',
        metavar='FILE.html',
        help='write a page about where PQ gets lost, with pictures; the predictions '
        'are kept where --out says, else in the folder report of the work directory',
    )
    parser.add_argument(
        '--sweep',
        metavar='FILE',
        help='with --report: show other thresholds, from threshold_sweep.py --json',
    )
    parser.add_argument(
        '--dropped',
        metavar='FILE',
        help='with --report: show what thresholds drop, from dropped_segments.py '
        '--json',
    )
    parser.add_argument('--show', action='store_true', help='show pictures in a window')
    parser.add_argument(
        '--show-dir',
        help='write pictures of input, ground truth and '
        'prediction here; a relative path is taken inside the work directory, '
        'in a folder named after the time',
    )
    parser.add_argument(
        '--wait-time',
        type=float,
        default=2,
        help='seconds that --show leaves each picture open',
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
        '--fuse-conv-bn',
        action='store_true',
        help='fold batch normalization into the convolutions, which is faster',
    )
    parser.add_argument(
        '--tta',
        action='store_true',
        help="test-time augmentation by the config's tta_model, tta_pipeline",
    )
    parser.add_argument(
        '--local_rank', '--local-rank', type=int, default=0, help='set by the launcher'
    )
    args = parser.parse_args(argv)
    if is_exported(args.checkpoint) and (args.tta or args.fuse_conv_bn):
        parser.error('an exported file has no --tta and no --fuse-conv-bn')
    if args.out is not None and not args.out.endswith((_RESULTS, '.pkl', '.pickle')):
        parser.error(f'--out {args.out} must end in {_RESULTS}, .pkl or .pickle')
    if args.report is None and (args.sweep or args.dropped):
        parser.error('--sweep and --dropped need --report FILE.html')
    if args.zip and args.format_only is None:
        parser.error('--zip needs --format-only PREFIX')
    if args.report is not None and args.format_only is not None:
        parser.error('--report needs ground truth, so it excludes --format-only')
    if args.format_only is not None and (args.out or '').endswith(_RESULTS):
        parser.error('--format-only writes the results: leave --out out')
    return args


def main() -> None:
    """Build the config's Runner and test."""
    args = parse_args()
    flush_denormals()
    install_safe_load()
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    with exit_on_error():
        cfg = runner_config.load_config(
            args.config, args.cfg_options, args.work_dir, args.allow_new_keys
        )
    runner_config.check_checkpoint_path(args.checkpoint)
    if is_exported(args.checkpoint):
        use_exported(cfg, args.checkpoint)
    else:
        cfg.load_from = args.checkpoint
    if args.show:
        with exit_on_error():
            require_window()
    if args.show or args.show_dir:
        runner_config.keep_picture_folders(cfg)
        trigger_visualization_hook(cfg, args)
        runner_config.add_ground_truth(cfg)
    if args.fuse_conv_bn:
        cfg.custom_hooks = [*cfg.get('custom_hooks', []), dict(type='FuseConvBNHook')]
    if args.tta:
        runner_config.enable_tta(cfg)
    if args.format_only is not None:
        runner_config.format_only(cfg, args.format_only)
    prefix = None
    if args.out is not None and args.out.endswith(_RESULTS):
        prefix = args.out.removesuffix(_RESULTS)
    if args.report is not None or prefix is not None:
        with exit_on_error():
            results = runner_config.keep_results(cfg, prefix)
            for path, tool in (
                (args.sweep, 'threshold_sweep'),
                (args.dropped, 'dropped_segments'),
            ):
                if path is not None:
                    read_numbers(path, tool)
    runner_config.set_launcher(cfg, args.launcher)
    runner = runner_config.build_runner(cfg, args.quiet)
    if args.out is not None and prefix is None:
        runner.test_evaluator.metrics.append(DumpDetResults(args.out))
    runner.test()
    if args.zip and is_main_process():
        print(f'Submission: {runner_config.pack_submission(args.format_only)}')
    if args.report is not None and is_main_process():
        with exit_on_error():
            write_results_report(
                *results,
                args.report,
                sweep=args.sweep,
                dropped=args.dropped,
                quiet=args.quiet,
            )
        print(f'Report: {args.report}')
    if args.quiet and args.show_dir:
        pictures = Path(runner.work_dir, runner.timestamp, args.show_dir)
        print(f'Pictures: {pictures}')


if __name__ == '__main__':
    main()
