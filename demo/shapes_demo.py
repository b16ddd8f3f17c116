"""From nothing to panoptic pictures in minutes, on a CPU; what `make demo` runs.

Makes the embedded data set, trains a small EPSNet on it, evaluates it on images
that it hasn't seen, and draws them. The three commands are printed: they are the
ones to use on other data.
"""

import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CONFIG = 'configs/epsnet/epsnet_r18_fpn_shapes.py'
WORK_DIR = 'work_dirs/epsnet_r18_fpn_shapes'
PICTURES = 'work_dirs/shapes_pictures'


def run(title: str, *command: str) -> None:
    """Run one of the project's tools, and end the demo where it fails."""
    print(f'\n== {title}\n   $ python {shlex.join(command)}\n', flush=True)
    start = time.perf_counter()
    code = subprocess.run([sys.executable, *command], cwd=ROOT).returncode
    if code:
        sys.exit(
            f'The demo stopped: the command above ended with code {code}; its '
            'last lines say why. `make demo` continues from there.'
        )
    print(f'   ({time.perf_counter() - start:.0f} s)', flush=True)


def main() -> None:
    """Make data, train, evaluate, draw."""
    run(
        '1/3 Make 600 + 100 images with their annotations (seconds)',
        'tools/misc/make_shapes.py',
        'data/shapes',
    )
    # --resume: after an interruption, or a second time, nothing is done twice.
    run(
        '2/3 Train (about 6 minutes on 2 CPU cores)',
        'tools/train.py',
        CONFIG,
        '--work-dir',
        WORK_DIR,
        '--resume',
    )
    checkpoint = (ROOT / WORK_DIR / 'last_checkpoint').read_text().strip()
    run(
        '3/3 Evaluate on the 100 images and draw them',
        'tools/test.py',
        CONFIG,
        checkpoint,
        '--work-dir',
        WORK_DIR,
        '--show-dir',
        str(ROOT / PICTURES),
    )
    print(f'\nPictures (input, ground truth, prediction): {PICTURES}')
    print('Next: `python demo/image_demo.py --help`, and README.md for COCO.')


if __name__ == '__main__':
    main()
