"""The command `epsnet`."""

import argparse
import importlib.util
import sys
from collections.abc import Sequence

from ..optional import require
from .demo import add_demo
from .predict import add_predict
from .prediction import INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """The command line, with all commands."""
    parser = argparse.ArgumentParser(
        prog='epsnet', description='Panoptic segmentation of images and videos.'
    )
    # Completion in shells, where the package is there that makes it.
    if importlib.util.find_spec('shtab'):
        require('shtab', 'shtab', 'Completion').add_argument_to(parser)
    commands = parser.add_subparsers(required=True, metavar='COMMAND', dest='command')
    add_predict(commands)
    add_demo(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command.

    Raises:
        SystemExit: Always, with the exit code of the command. An expected error is one
            line on stderr and the code 1.
    """
    args = build_parser().parse_args(argv)
    try:
        sys.exit(args.run(args))
    except (ImportError, OSError, ValueError) as error:
        sys.exit(f'epsnet {args.command}: {error}')
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
