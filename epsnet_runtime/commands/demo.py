"""`epsnet demo`: a web page that segments images."""

import argparse
import threading
from pathlib import Path

from ..web.page_model import PageModel
from ..web.server import served_page
from .load_model import load_model
from .options import add_device_options, positive

DESCRIPTION = """\
Serve a web page: drop an image or take one with the camera, and see its segments.

The page is served to this machine alone, unless --host says otherwise. It asks
nothing of other machines. It needs Gradio: pip install "epsnet_mm[demo]"
"""
EPILOG = """\
examples:
  epsnet demo                       # the network for facades of epsnet_mm
  epsnet demo --model epsnet.onnx
  epsnet demo CONFIG.py CHECKPOINT.pth --device cuda:0
  epsnet demo --model epsnet.onnx --port 8000
  epsnet demo --model epsnet.onnx --host 0.0.0.0     # for all who reach this machine

exit codes:
  0    Ctrl-C ended it
  1    it could not start; the reason is on stderr
  2    the command line is wrong
"""


def add_demo(commands: argparse._SubParsersAction) -> None:
    """Add the command to those of `epsnet`."""
    parser = commands.add_parser(
        'demo',
        help='segment images on a web page',
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        'files',
        nargs='*',
        metavar='CONFIG CHECKPOINT',
        help='a config, its checkpoint (default: the network of epsnet_mm)',
    )
    parser.add_argument(
        '--model',
        nargs='+',
        metavar='FILE',
        help='an exported network (.onnx, or .xml of OpenVINO), or a config and its '
        'checkpoint',
    )
    parser.add_argument(
        '--host',
        default='127.0.0.1',
        help='address to listen at (default: 127.0.0.1, this machine alone)',
    )
    parser.add_argument(
        '--port',
        type=positive,
        help='port to listen at (default: the first free one from 7860 on)',
    )
    add_device_options(parser)
    parser.set_defaults(run=run_demo)


def run_demo(args: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C.

    Returns:
        The exit code.

    Raises:
        ImportError: If a package is missing.
        OSError: If a file is missing, or the port is taken.
        ValueError: If something that is given is wrong.
    """
    if args.files and args.model:
        raise ValueError(
            'Give one network: CONFIG CHECKPOINT, or --model with an exported file.'
        )
    files = args.model or args.files
    title = Path(files[0]).stem if files else 'facades'
    model = PageModel(load_model(files, args.device, args.max_pixels))
    with served_page(model, title, args.host, args.port) as address:
        print(f'Open {address} in a browser; Ctrl-C ends it.', flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()
    return 0
