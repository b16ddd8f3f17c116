"""Segment images: `python demo/image_demo.py IMAGE CONFIG --weights FILE`."""

import argparse
import sys

from epsnet_mm.apis.load_inferencer import load_inferencer
from epsnet_mm.engine.command_line import add_cfg_options, exit_on_error
from epsnet_runtime.commands.options import add_run_options


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Write pictures (vis/) and COCO panoptic results '
        '(panoptic.json, panoptic/) of an image or a folder of images'
    )
    parser.add_argument(
        'input',
        help='an image, its address, or a folder, which is searched with '
        'all folders in it',
    )
    parser.add_argument('config', help='config file of the model')
    parser.add_argument('--weights', required=True, help='checkpoint file (.pth)')
    add_run_options(parser)
    parser.add_argument(
        '--show', action='store_true', help='also show the pictures in a window'
    )
    add_cfg_options(parser)
    return parser.parse_args(argv)


def main() -> None:
    """Run the model on the input. Exit with an error if an image fails."""
    args = parse_args()
    with exit_on_error():
        inferencer = load_inferencer(
            args.config,
            args.weights,
            args.device,
            args.max_pixels,
            args.cfg_options,
            args.allow_new_keys,
        )
        results = inferencer(
            args.input, batch_size=args.batch_size, out_dir=args.out_dir, show=args.show
        )
    print(f'Wrote {len(results["predictions"])} results to {args.out_dir}')
    if inferencer.failures:
        sys.exit(
            '\n'.join(
                [f'{len(inferencer.failures)} images failed:', *inferencer.failures]
            )
        )


if __name__ == '__main__':
    main()
