"""What the command lines of `tools/` share."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from epsnet_runtime.commands.prediction import INTERRUPTED

from mmengine.config import Config, DictAction

from . import runner_config


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Turn an expected error into one line of text, and end the program with 1.

    The line has the name of the tool and the message of the error: a traceback
    would not help someone who gave a wrong path.

    Raises:
        SystemExit: In place of an OSError or a ValueError; with 130 after Ctrl-C.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        sys.exit(f'{Path(sys.argv[0]).stem}: {error}')
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def add_cfg_options(parser: argparse.ArgumentParser) -> None:
    """Add `--cfg-options` and `--allow-new-keys`, which `load_config` takes."""
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override config entries, e.g. model.test_cfg.bbox_head.score_thr=0.3 '
        'key="[a,b]"; quotes are needed and spaces are not allowed in lists',
    )
    parser.add_argument(
        '--allow-new-keys',
        action='store_true',
        help='let --cfg-options set keys that nothing is known to read',
    )


def add_network(parser: argparse.ArgumentParser) -> None:
    """Add what names a trained network: config, checkpoint, options, device."""
    parser.add_argument('config', help='config file of an EPSNet')
    parser.add_argument('checkpoint', help='checkpoint file (.pth)')
    add_cfg_options(parser)
    parser.add_argument('--device', default='cpu', help='cpu, cuda:0, ...')


def read_network(args: argparse.Namespace) -> Config:
    """The config of what `add_network` added.

    Raises:
        FileNotFoundError: The config or the checkpoint is not there.
        ValueError: The config or an option is wrong.
    """
    cfg = runner_config.load_config(
        args.config, args.cfg_options, allow_new_keys=args.allow_new_keys
    )
    runner_config.check_checkpoint_path(args.checkpoint)
    return cfg


def add_results(parser: argparse.ArgumentParser) -> None:
    """Add COCO panoptic results and their ground truth."""
    parser.add_argument('results', help='COCO panoptic JSON of predictions')
    parser.add_argument('ann_file', help='COCO panoptic JSON of the ground truth')
    parser.add_argument('seg_dir', help="folder of the ground truth's PNGs")
    parser.add_argument(
        '--results-dir',
        help='folder of the predicted PNGs; default: the results without .json',
    )
