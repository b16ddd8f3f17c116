"""Write the "shapes" dataset: small synthetic images in COCO panoptic format."""

import argparse
import time

from epsnet_mm.datasets.synthetic.shapes import make_shapes
from epsnet_mm.engine.command_line import exit_on_error


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', help='folder to make, e.g. data/shapes')
    parser.add_argument(
        '--train', type=int, default=600, help='training images (default: 600)'
    )
    parser.add_argument(
        '--val', type=int, default=100, help='validation images (default: 100)'
    )
    parser.add_argument(
        '--size', type=int, default=160, help='side in pixels (default: 160)'
    )
    parser.add_argument('--seed', type=int, default=0, help='(default: 0)')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    start = time.perf_counter()
    with exit_on_error():
        written = make_shapes(args.out, args.train, args.val, args.size, args.seed)
    if written:
        print(
            f'Wrote {args.train} + {args.val} images to {args.out} in '
            f'{time.perf_counter() - start:.0f} s.'
        )
    else:
        print(f'{args.out} already holds this dataset: nothing to do.')


if __name__ == '__main__':
    main()
