"""Put pictures under one another, e.g. some of `tools/test.py --show-dir`."""

import argparse
import sys

from epsnet_mm.datasets.image_file import read_image
from epsnet_mm.visualization.feature_pictures import stack_rows

import mmcv


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('pictures', nargs='+', help='from top to bottom')
    parser.add_argument('--out', required=True, help='picture to write')
    parser.add_argument('--width', type=int, help='of the result, in pixels')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    try:
        picture = stack_rows([read_image(path) for path in args.pictures])
    except ValueError as error:
        sys.exit(f'stack_pictures: {error}')
    if args.width:
        factor = args.width / picture.shape[1]
        picture = mmcv.imrescale(picture, factor, interpolation='area')
    mmcv.imwrite(picture, args.out)
    print(f'Wrote {args.out}')


if __name__ == '__main__':
    main()
