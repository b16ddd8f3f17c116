"""Rows in processes of their own, which take turns."""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from ..latency import synthetic_image
from ..statistics import Summary, summarize
from .row import Row

EXPORTED = Path(__file__).with_name('exported_worker.py')
TORCH = f'{__package__}.torch_worker'
# Threads of a process that has answered look for work for a while, and would take time
# from the next one.
PAUSE = 0.05


@dataclass(frozen=True)
class Budget:
    """How often a row is run.

    Attributes:
        seconds: That a row may take in all.
        fewest: Calls of a slow row.
        most: Calls of a fast one.
        rounds: In which these calls are spread.
        start: Seconds until a row must have warmed up.
    """

    seconds: float = 10.0
    fewest: int = 5
    most: int = 60
    rounds: int = 5
    start: float = 120.0

    def calls(self, first: float) -> list[int]:
        """Calls in each round.

        Args:
            first: Milliseconds of a call.
        """
        wanted = int(1e3 * self.seconds / first)
        total = min(max(wanted, self.fewest), self.most)
        ends = [total * x // self.rounds for x in range(self.rounds + 1)]
        return [end - start for start, end in pairwise(ends)]


@dataclass(frozen=True)
class Measured:
    """What was measured of a row; milliseconds per image.

    `memory` is the peak of the process's resident memory in MiB, None where the system
    does not tell. `segments` counts the values in the map, void among them.
    """

    row: Row
    precision: str
    size: tuple[int, int]
    calls: int
    time: Summary
    memory: float | None
    megabytes: float
    segments: int
    used_torch: bool


class RowError(Exception):
    """A row cannot be measured; the message has the end of what its process said."""


class RowProcess:
    """The process of a row, kept until it has been asked for its memory.

    Args:
        row: What to run.
        image: (H, W, 3) uint8 BGR.
        folder: Where to write what the process needs.
        threads: On the CPU.
        limit: Seconds until it must have warmed up.

    Raises:
        RowError: The process ended, or took longer.
    """

    def __init__(
        self, row: Row, image: np.ndarray, folder: Path, threads: int, limit: float
    ) -> None:
        self.row, self.times = row, []
        number = len(list(folder.iterdir()))
        pixels, self._log = folder / f'{number}.npy', folder / f'{number}.log'
        np.save(pixels, image)
        # Without the folder of the script, whose modules would hide others.
        start = ['-I', str(EXPORTED)] if row.file else ['-m', TORCH]
        with self._log.open('w', encoding='utf-8') as log:
            self._process = subprocess.Popen(
                [sys.executable, *start, row.as_json(), str(pixels), str(threads)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding='utf-8',
            )
        self.facts = self._first_answer(limit)

    def run(self, calls: int) -> None:
        """Predict so many times, and keep the times; a dead process does nothing."""
        if not calls or self._process.poll() is not None:
            return
        try:
            self._process.stdin.write(f'{calls}\n')
            self._process.stdin.flush()
            self.times += self._answer()
        except (BrokenPipeError, RowError):
            # `finish` tells what it said.
            self._process.wait()

    def finish(self) -> Measured:
        """End the process.

        Raises:
            RowError: It ended before.
        """
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        memory = self._answer()
        self._process.wait()
        return Measured(
            self.row,
            self.facts['precision'],
            tuple(self.facts['size']),
            len(self.times),
            summarize(self.times),
            memory,
            self.facts['megabytes'],
            self.facts['segments'],
            self.facts['torch'],
        )

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def _first_answer(self, limit: float) -> dict:
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(limit, give_up)
        timer.start()
        try:
            return self._answer()
        except RowError:
            if not late.is_set():
                raise
            raise RowError(
                f'{self.row.title}, {self.row.engine}: not ready after {limit:g} s; '
                'raise --start-limit, or leave the row out.'
            ) from None
        finally:
            timer.cancel()

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            said = self._log.read_text(encoding='utf-8', errors='replace').split('\n')
            last = next((x for x in reversed(said) if x.strip()), 'it said nothing')
            raise RowError(f'{self.row.title}, {self.row.engine}: {last.strip()}')
        return json.loads(line)


def measure_rows(
    rows: Sequence[Row],
    image_size: tuple[int, int],
    budget: Budget,
    threads: int,
    progress: Callable[[str], None] = lambda message: None,
    at_once: int = 16,
) -> tuple[list[Measured], list[str]]:
    """Measure rows in turns, so that a disturbance affects all of them.

    Args:
        rows: What to run.
        image_size: (H, W) of the synthetic image.
        budget: How often.
        threads: On the CPU, of each process.
        progress: Called with a message before each step.
        at_once: Rows whose processes live at the same time. The next ones follow when
            these are done; the baseline takes turns with all of them.

    Returns:
        The rows that were measured, in their order, and a sentence for each one that
        failed.
    """
    results: dict[int, Measured] = {}
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:

        def start(number: int) -> dict[int, RowProcess]:
            row = rows[number]
            progress(f'starting {row.title}, {row.engine}, {row.precision}')
            image = _image(row, image_size)
            try:
                process = RowProcess(row, image, Path(folder), threads, budget.start)
            except RowError as error:
                failures.append(str(error))
                return {}
            stack.callback(process.stop)
            return {number: process}

        def finish(processes: dict[int, RowProcess]) -> None:
            for number, process in processes.items():
                try:
                    results[number] = process.finish()
                except RowError as error:
                    failures.append(str(error))

        kept: dict[int, RowProcess] = {}
        others = []
        for number, row in enumerate(rows):
            if row.baseline:
                kept |= start(number)
            else:
                others.append(number)
        for first in range(0, max(len(others), 1), at_once):
            group: dict[int, RowProcess] = {}
            for number in others[first : first + at_once]:
                group |= start(number)
            _take_turns([*kept.values(), *group.values()], budget, progress)
            finish(group)
        finish(kept)
    return [results[number] for number in sorted(results)], failures


def _take_turns(
    processes: Sequence[RowProcess], budget: Budget, progress: Callable[[str], None]
) -> None:
    for number in range(budget.rounds):
        progress(f'round {number + 1} of {budget.rounds}')
        for process in processes:
            time.sleep(PAUSE)
            process.run(budget.calls(process.facts['first'])[number])


def _image(row: Row, size: tuple[int, int]) -> np.ndarray:
    """(H, W, 3) uint8 BGR."""
    if row.photo:
        from epsnet_runtime.image_file import read_rgb

        return np.ascontiguousarray(read_rgb(row.photo)[..., ::-1])
    return synthetic_image(size, seed=0)
