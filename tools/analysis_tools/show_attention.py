"""Draw where a point of an image attends to, on each source level (figure 8)."""

import argparse
from pathlib import Path

from epsnet_mm.analysis.network_views import NetworkViews
from epsnet_mm.apis import PanopticInferencer
from epsnet_mm.engine.command_line import (
    add_network,
    exit_on_error,
    read_network,
)
from epsnet_mm.structures.atomic_write import write_image


def parse_point(text: str) -> tuple[int, int]:
    """`'120,80'` to (120, 80)."""
    try:
        x, y = map(int, text.split(','))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'{text!r} is not of the form x,y with whole numbers'
        ) from None
    return x, y


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='The weights of a map add up to 100 %%. The brightest point of each map '
        'is its largest weight, which its title tells.',
    )
    parser.add_argument('image', help='an image')
    add_network(parser)
    parser.add_argument(
        '--point',
        type=parse_point,
        required=True,
        metavar='X,Y',
        help='the point, in pixels of the image',
    )
    parser.add_argument('--out', default='attention.png', help='picture to write')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        cfg = read_network(args)
        inferencer = PanopticInferencer(cfg, args.checkpoint, args.device)
        picture = NetworkViews(inferencer, args.image).attention(args.point)
        write_image(picture[..., ::-1], Path(args.out))
    print(f'Wrote {args.out}')


if __name__ == '__main__':
    main()
