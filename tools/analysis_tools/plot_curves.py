"""Draw the loss and PQ curves of a training; a resumed one gives one curve."""

import argparse
from pathlib import Path

from epsnet_mm.analysis.training_curves import draw_curves
from epsnet_mm.analysis.training_log import read_records
from epsnet_mm.engine.command_line import exit_on_error


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('work_dir', help='work directory of tools/train.py')
    parser.add_argument('--out', help='picture to write (default: WORK_DIR/curves.png)')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    out = Path(args.out or Path(args.work_dir, 'curves.png'))
    with exit_on_error():
        records = read_records(args.work_dir)
        out.parent.mkdir(parents=True, exist_ok=True)
        draw_curves(records, Path(args.work_dir).resolve().name).savefig(out, dpi=120)
    print(f'Wrote {out}')


if __name__ == '__main__':
    main()
