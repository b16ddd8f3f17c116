"""Draw the prototypes of an image and how they form the mask of an instance."""

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


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='The title of each prototype has its number and the coefficient of the '
        'instance. The border is green for a positive coefficient, red for a negative '
        'one.',
    )
    parser.add_argument('image', help='an image')
    add_network(parser)
    parser.add_argument(
        '--instance',
        type=int,
        default=1,
        metavar='N',
        help='number of the instance, from 1 for the best (default); 0 shows only '
        'the prototypes',
    )
    parser.add_argument('--out', default='prototypes.png', help='picture to write')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        cfg = read_network(args)
        inferencer = PanopticInferencer(cfg, args.checkpoint, args.device)
        views = NetworkViews(inferencer, args.image)
        print(*views.describe_instances(), sep='\n')
        picture = views.prototypes(args.instance)
        write_image(picture[..., ::-1], Path(args.out))
    print(f'Wrote {args.out}')


if __name__ == '__main__':
    main()
