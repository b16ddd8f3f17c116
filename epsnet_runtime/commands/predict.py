"""`epsnet predict`: pictures and COCO's files of images, folders and videos."""

import argparse

from .load_model import load_model
from .options import positive
from .prediction import add_prediction_options, find_sources, predict_and_write

DESCRIPTION = """\
Segment images, and write to the folder of --out-dir
  vis/NAME.png         the picture; of a video vis/NAME.mp4, without sound
  panoptic/NAME.png    the segment numbers, as R + 256 G + 65536 B
  panoptic.json        all segments, in COCO's panoptic format
"""
EPILOG = """\
examples:
  epsnet predict photo.jpg                  # a street with buildings
  epsnet predict photo.jpg --model epsnet.onnx
  epsnet predict photos/ 'more/**/*.png' --model epsnet.onnx --out-dir results
  epsnet predict clip.mp4 --model epsnet.onnx --every 2 --classes person car
  epsnet predict 0 --model epsnet.onnx               # a camera; Ctrl-C ends it
  find . -name '*.jpg' | epsnet predict - --model epsnet.onnx
  epsnet predict photos/ --model CONFIG.py CHECKPOINT.pth --half --batch-size 8

exit codes:
  0    all images are done
  1    an image failed, or nothing could be done; the reason is on stderr
  2    the command line is wrong
  130  interrupted by Ctrl-C; what was done until then is written and valid
"""


def add_predict(commands: argparse._SubParsersAction) -> None:
    """Add the command to those of `epsnet`."""
    parser = commands.add_parser(
        'predict',
        help='segment images, folders, videos',
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        'sources',
        nargs='+',
        metavar='SOURCE',
        help='an image, its address, a folder (searched with all folders in it), a '
        'pattern, a .txt file of paths, a video, the index of a camera, or - for paths '
        'on the standard input',
    )
    parser.add_argument(
        '--model',
        nargs='+',
        default=[],
        metavar='FILE',
        help='an exported network (.onnx, or .xml of OpenVINO), or a config and its '
        'checkpoint (default: the network for facades of buildings, which comes '
        'with epsnet_mm)',
    )
    add_prediction_options(parser)
    parser.add_argument(
        '--threads',
        type=positive,
        metavar='N',
        help='threads of an exported network (default: all cores)',
    )
    parser.set_defaults(run=run_predict)


def run_predict(args: argparse.Namespace) -> int:
    """Predict, draw and write.

    Returns:
        The exit code.

    Raises:
        ImportError: If a package is missing.
        OSError: If a file is missing or can't be written.
        ValueError: If something that is given is wrong.
    """
    if args.half and len(args.model) == 1:
        raise ValueError(
            'An exported file has its precision; leave --half out, or export with '
            '--precision fp16.'
        )
    sources = find_sources(args.sources, args)
    model = load_model(args.model, args.device, args.max_pixels, args.threads)
    return predict_and_write(model, sources, args)
