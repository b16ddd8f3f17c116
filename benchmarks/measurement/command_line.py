"""What the benchmarks' command lines share."""

import argparse
import shlex
import sys

from epsnet_runtime.commands.options import positive


def add_runs(parser: argparse.ArgumentParser, iters: int, warmup: int) -> None:
    """Add `--iters` and `--warmup` with these defaults."""
    parser.add_argument(
        '--iters',
        type=positive,
        default=iters,
        help=f'timed iterations (default: {iters})',
    )
    parser.add_argument(
        '--warmup',
        type=int,
        default=warmup,
        help=f'iterations before the timed ones (default: {warmup})',
    )


def add_machine(parser: argparse.ArgumentParser) -> None:
    """Add `--threads` and `--device`."""
    parser.add_argument(
        '--threads', type=positive, help='threads of PyTorch and OpenCV on the CPU'
    )
    parser.add_argument('--device', default='cpu', help='cpu (default) or cuda')


def add_speedups(parser: argparse.ArgumentParser) -> None:
    """Add `--channels-last` and `--compile`."""
    parser.add_argument(
        '--channels-last',
        action='store_true',
        help='memory format of weights and images',
    )
    parser.add_argument(
        '--compile', action='store_true', help='compile the network with torch.compile'
    )


def command_text(name: str) -> str:
    """The command that was typed, for the report of the benchmark `name`."""
    return shlex.join(['python', '-m', f'benchmarks.{name}', *sys.argv[1:]])


def print_progress(message: str) -> None:
    """Print a message on stderr, so that stdout has only the results.

    A progress bar would redraw itself, which takes time from what is measured.
    """
    print(message, file=sys.stderr, flush=True)
