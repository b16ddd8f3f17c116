"""Segment images: `python demo/image_demo.py IMAGE CONFIG --weights FILE`."""

import argparse
import sys

from epsnet_mm.apis import PanopticInferencer
from epsnet_mm.datasets.image_file import MAX_PIXELS
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.command_line import add_cfg_options, exit_on_error


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
    parser.add_argument(
        '--out-dir', default='outputs', help='where to write (default: outputs)'
    )
    parser.add_argument(
        '--device',
        default='auto',
        help='cpu, cuda:0, ...; auto uses a GPU if there is one (default)',
    )
    parser.add_argument(
        '--batch-size', type=int, default=1, help='images at a time (default: 1)'
    )
    parser.add_argument(
        '--max-pixels',
        type=int,
        default=MAX_PIXELS,
        help='width times height that an image file may declare '
        f'(default: {MAX_PIXELS:,}); a small file that declares more can fill the '
        'memory',
    )
    parser.add_argument(
        '--show', action='store_true', help='also show the pictures in a window'
    )
    add_cfg_options(parser)
    args = parser.parse_args(argv)
    if args.batch_size < 1:
        parser.error(f'--batch-size {args.batch_size} must be at least 1')
    return args


def main() -> None:
    """Run the model on the input. Exit with an error if an image fails."""
    args = parse_args()
    with exit_on_error():
        cfg = runner_config.load_config(
            args.config, args.cfg_options, allow_new_keys=args.allow_new_keys
        )
        runner_config.check_checkpoint_path(args.weights)
        inferencer = PanopticInferencer(
            cfg,
            args.weights,
            None if args.device == 'auto' else args.device,
            max_pixels=args.max_pixels,
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
