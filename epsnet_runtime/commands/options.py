"""Options that commands share."""

import argparse

from ..image_file import MAX_PIXELS


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add where to write, where to compute, and limits."""
    parser.add_argument(
        '--out-dir', default='outputs', help='where to write (default: outputs)'
    )
    add_device_options(parser)
    parser.add_argument(
        '--batch-size',
        type=positive,
        default=1,
        metavar='N',
        help='images at a time (default: 1)',
    )


def add_device_options(parser: argparse.ArgumentParser) -> None:
    """Add where to compute, and how large an image may be."""
    parser.add_argument(
        '--device',
        default='auto',
        help='cpu, cuda:0, ...; auto uses a GPU if there is one (default)',
    )
    parser.add_argument(
        '--max-pixels',
        type=positive,
        default=MAX_PIXELS,
        metavar='N',
        help='width times height that an image file may declare '
        f'(default: {MAX_PIXELS:,}); a small file that declares more can fill the '
        'memory',
    )


def positive(text: str) -> int:
    """An integer from 1 on, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'{text} must be at least 1')
    return int(text)


def share(text: str) -> float:
    """A number from 0 to 1, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f'{text} must be a number from 0 to 1')
    return value
