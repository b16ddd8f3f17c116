"""Stack pictures from top to bottom, such as those of `tools/test.py --show-dir`."""

import argparse
from pathlib import Path

from epsnet_mm.datasets.image_file import read_image
from epsnet_mm.engine.command_line import exit_on_error
from epsnet_mm.structures.atomic_write import write_image
from epsnet_mm.visualization.feature_pictures import stack_rows
from epsnet_runtime.commands.options import positive

import mmcv


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('pictures', nargs='+', help='from top to bottom')
    parser.add_argument('--out', required=True, help='picture to write')
    parser.add_argument('--width', type=positive, help='width of the result in pixels')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        picture = stack_rows([read_image(path) for path in args.pictures])
        if args.width:
            factor = args.width / picture.shape[1]
            picture = mmcv.imrescale(picture, factor, interpolation='area')
        write_image(picture, Path(args.out))
    print(f'Wrote {args.out}')


if __name__ == '__main__':
    main()
