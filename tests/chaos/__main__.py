"""Stop a tiny training at every write and at random moments: `make chaos`.

Each time it is resumed, and must end with the same bits as one that ran through,
without a process, a temporary file or a wrong pointer left behind. The exit status is
1 if it does not.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.engine.resumed_training import make_data
from tests.fuzz.isolation import Result
from tests.fuzz.table import Table

import torch

from .stops import Stop, run_stop
from .training import Training, end_of


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--random', type=int, default=100, help='number of moments')
    parser.add_argument(
        '--every', type=int, default=1, help='take each so many-th write only'
    )
    parser.add_argument('--seed', type=int, default=0)
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    if sys.platform != 'linux':
        sys.exit('make chaos looks for processes in /proc: run it on Linux.')
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix='epsnet-chaos-') as folder:
        run(Path(folder), args)


def run(folder: Path, args: argparse.Namespace) -> None:
    """Make all stops, and print what came of them."""
    data = folder / 'data'
    make_data(data)
    expected, events, seconds = {}, {}, {}
    for loop in ('iter', 'epoch'):
        training = Training(data, folder / loop, loop)
        start = time.monotonic()
        if end_of(training.start(), 180):
            sys.exit(f'The training fails by itself: {training.log.read_text()}')
        seconds[loop] = time.monotonic() - start
        expected[loop] = training.result()
        events[loop] = json.loads(training.events.read_text())
    stopped = folder / 'stopped'
    with Table() as table:
        for number, (name, stop) in enumerate(stops(events, seconds, args)):
            outcome, detail = run_stop(stop, data, stopped, expected[stop.loop])
            table.add(name, Result(number, outcome, detail))
            print(number, outcome, detail or stop, file=sys.stderr, flush=True)


def stops(events: dict, seconds: dict, args) -> Iterator[tuple[str, Stop]]:
    """All stops, with the name of their row in the table."""
    for loop, opens in events.items():
        for number in range(0, len(opens), args.every):
            yield f'SIGKILL before a write, {loop}', Stop(loop, kill_at=number)
            if opens[number]:
                yield f'SIGKILL within a write, {loop}', Stop(loop, number, torn=True)
    draw = random.Random(args.seed)
    for number in range(args.random):
        loop = draw.choice(sorted(events))
        which = (signal.SIGKILL, signal.SIGTERM)[number % 2]
        delay = draw.uniform(0, 1.1 * seconds[loop])
        yield f'{which.name} at a random moment', Stop(loop, signal=which, delay=delay)


if __name__ == '__main__':
    main()
