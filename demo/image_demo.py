"""Segment images, videos: `python demo/image_demo.py IMAGE [CONFIG --weights FILE]`.

It is `epsnet predict` for a config and its checkpoint, with entries of the config to
override and with windows.
"""

import argparse
import sys

from epsnet_mm.apis.load_inferencer import load_inferencer
from epsnet_mm.engine.command_line import add_cfg_options, exit_on_error
from epsnet_mm.visualization.window_check import require_window
from epsnet_runtime.commands.prediction import (
    add_prediction_options,
    find_sources,
    predict_and_write,
)
from epsnet_runtime.panoptic_result import PanopticResult

import numpy as np

# How long a frame of a video stays in the window, in seconds.
_FRAME = 0.001


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Write pictures (vis/) and COCO panoptic results '
        '(panoptic.json, panoptic/) of images and videos'
    )
    parser.add_argument(
        'input',
        help='an image, its address, a folder (searched with all folders in it), a '
        'pattern, a .txt file of paths, a video, the index of a camera, or - for paths '
        'on the standard input',
    )
    parser.add_argument(
        'config',
        nargs='?',
        help='config file of the model (default: the network for facades of buildings '
        'that comes with this project)',
    )
    parser.add_argument('--weights', help='checkpoint file (.pth) of the config')
    add_prediction_options(parser)
    parser.add_argument(
        '--show', action='store_true', help='also show the pictures in a window'
    )
    add_cfg_options(parser)
    return parser.parse_args(argv)


def main() -> None:
    """Run the model on the input. Exit with an error if an image fails."""
    args = parse_args()
    with exit_on_error():
        if args.show:
            require_window()
        sources = find_sources([args.input], args)
        inferencer = load_inferencer(
            args.config,
            args.weights,
            args.device,
            args.max_pixels,
            args.cfg_options,
            args.allow_new_keys,
        )

        def show(result: PanopticResult) -> None:
            if args.show:
                picture = np.asarray(result.plot(args.blend, args.masks_only))
                seconds = _FRAME if sources.clips else 0
                window = inferencer.visualizer
                window.show(picture, result.name, seconds)

        sys.exit(predict_and_write(inferencer, sources, args, show))


if __name__ == '__main__':
    main()
