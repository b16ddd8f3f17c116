"""From nothing to panoptic pictures in minutes, on a CPU; what `make demo` runs.

Makes the embedded dataset, trains a small EPSNet on it, evaluates it on images
that it hasn't seen, and draws them. The three commands are printed: use them on
other data as well.
"""

import argparse
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CONFIG = 'configs/epsnet/epsnet_r18_fpn_shapes.py'
# In the folder where the demo runs.
DATA = 'data/shapes'
WORK_DIR = 'work_dirs/epsnet_r18_fpn_shapes'
PICTURES = 'work_dirs/shapes_pictures'


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--out',
        type=Path,
        default=Path(),
        help='folder for the dataset, logs, checkpoints and pictures (default: here)',
    )
    parser.add_argument('--train', type=int, default=600, help='training images')
    parser.add_argument('--val', type=int, default=100, help='validation images')
    parser.add_argument('--epochs', type=int, help="default: the config's")
    return parser.parse_args()


def run(folder: Path, title: str, tool: str, *arguments: str) -> None:
    """Run one of the project's tools in a folder, and end the demo if it fails."""
    # The shortest form that works there.
    paths = [os.path.relpath(ROOT / path, folder) for path in (tool, CONFIG)]
    command = [paths[0], *(paths[1] if part == CONFIG else part for part in arguments)]
    print(f'\n== {title}\n   $ python {shlex.join(command)}', flush=True)
    start = time.perf_counter()
    code = subprocess.run([sys.executable, *command], cwd=folder).returncode
    if code:
        sys.exit(
            f'The demo stopped: the command above ended with code {code}; its '
            'last lines say why. `make demo` continues from there.'
        )
    print(f'   ({time.perf_counter() - start:.0f} s)', flush=True)


def main() -> None:
    """Make data, train, evaluate, draw."""
    args = parse_args()
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    run(
        out,
        f'1/3 Make {args.train} + {args.val} images with annotations (seconds)',
        'tools/misc/make_shapes.py',
        DATA,
        *('--train', str(args.train), '--val', str(args.val)),
    )
    length = []
    if args.epochs is not None:
        keys = (
            'train_cfg.max_epochs',
            'train_cfg.val_interval',
            'param_scheduler.1.T_max',
        )
        length = ['--cfg-options', *(f'{key}={args.epochs}' for key in keys)]
    # --resume: a second call continues an interrupted training, and repeats nothing.
    run(
        out,
        '2/3 Train (about 6 minutes on 2 CPU cores)',
        'tools/train.py',
        CONFIG,
        *('--work-dir', WORK_DIR, '--resume', '--quiet', *length),
    )
    checkpoint = (out / WORK_DIR / 'last_checkpoint').read_text(encoding='utf-8')
    run(
        out,
        f'3/3 Evaluate on the {args.val} images and draw them',
        'tools/test.py',
        CONFIG,
        os.path.relpath(out / checkpoint.strip(), out),
        *('--work-dir', WORK_DIR, '--show-dir', str(out / PICTURES), '--quiet'),
    )
    print('Next: `python demo/image_demo.py --help`, and README.md for COCO.')


if __name__ == '__main__':
    main()
