"""Write the embedded "shapes" data set, a small COCO panoptic one."""

import argparse
import sys
import time

from epsnet_mm.datasets.synthetic.shapes import make_shapes


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', help='folder to make, e.g. data/shapes')
    parser.add_argument('--train', type=int, default=600, help='images')
    parser.add_argument('--val', type=int, default=100, help='images')
    parser.add_argument('--size', type=int, default=160, help='side in pixels')
    parser.add_argument('--seed', type=int, default=0)
    return parser.parse_args()


def main() -> None:
    """Make the data set, and say what happened."""
    args = parse_args()
    start = time.perf_counter()
    try:
        written = make_shapes(args.out, args.train, args.val, args.size, args.seed)
    except (ValueError, OSError) as error:
        sys.exit(f'make_shapes: {error}')
    if written:
        print(
            f'Wrote {args.train} + {args.val} images to {args.out} in '
            f'{time.perf_counter() - start:.0f} s.'
        )
    else:
        print(f'{args.out} holds this very data set already: nothing to do.')


if __name__ == '__main__':
    main()
