"""Draw the prototypes of an image and how they make the mask of an instance."""

import argparse
import sys

from epsnet_mm.analysis.network_views import NetworkViews
from epsnet_mm.apis import PanopticInferencer
from epsnet_mm.engine import runner_config

import mmcv


def parse_args(argv=None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Above each prototype are its number and the '
        'coefficient of the instance; its frame is green for a positive one, red for a '
        'negative one.',
    )
    parser.add_argument('image', help='an image')
    parser.add_argument('config', help='config file of the model')
    parser.add_argument('checkpoint', help='checkpoint file (.pth)')
    parser.add_argument(
        '--instance',
        type=int,
        default=1,
        metavar='N',
        help='number of the instance, from 1 for the best (default); 0 for the '
        'prototypes alone',
    )
    parser.add_argument('--out', default='prototypes.png', help='picture to write')
    parser.add_argument('--device', default='cpu', help='cpu, cuda:0, ...')
    return parser.parse_args(argv)


def main() -> None:
    args = parse_args()
    try:
        cfg = runner_config.load_config(args.config)
        runner_config.check_checkpoint_path(args.checkpoint)
        inferencer = PanopticInferencer(cfg, args.checkpoint, args.device)
        views = NetworkViews(inferencer, args.image)
        print(*views.describe_instances(), sep='\n')
        picture = views.prototypes(args.instance)
    except (FileNotFoundError, ValueError) as error:
        sys.exit(f'show_prototypes: {error}')
    mmcv.imwrite(picture[..., ::-1], args.out)
    print(f'Wrote {args.out}')


if __name__ == '__main__':
    main()
