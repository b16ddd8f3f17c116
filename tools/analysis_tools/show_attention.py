"""Draw where a point of an image attends to, on each source level (figure 8)."""

import argparse
import sys

from epsnet_mm.analysis.network_views import NetworkViews
from epsnet_mm.apis import PanopticInferencer
from epsnet_mm.engine import runner_config

import mmcv


def parse_point(text: str) -> tuple[int, int]:
    """`'120,80'` to (120, 80)."""
    try:
        x, y = map(int, text.split(','))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'{text!r} is not of the form x,y with whole numbers'
        ) from None
    return x, y


def parse_args(argv=None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Each map is as bright as its own maximum, which '
        'its title tells; all its weights together are 100 %%.',
    )
    parser.add_argument('image', help='an image')
    parser.add_argument('config', help='config file of the model')
    parser.add_argument('checkpoint', help='checkpoint file (.pth)')
    parser.add_argument(
        '--point',
        type=parse_point,
        required=True,
        metavar='X,Y',
        help='the point, in pixels of the image',
    )
    parser.add_argument('--out', default='attention.png', help='picture to write')
    parser.add_argument('--device', default='cpu', help='cpu, cuda:0, ...')
    return parser.parse_args(argv)


def main() -> None:
    args = parse_args()
    try:
        cfg = runner_config.load_config(args.config)
        runner_config.check_checkpoint_path(args.checkpoint)
        inferencer = PanopticInferencer(cfg, args.checkpoint, args.device)
        picture = NetworkViews(inferencer, args.image).attention(args.point)
    except (FileNotFoundError, ValueError) as error:
        sys.exit(f'show_attention: {error}')
    mmcv.imwrite(picture[..., ::-1], args.out)
    print(f'Wrote {args.out}')


if __name__ == '__main__':
    main()
