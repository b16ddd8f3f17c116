"""Time of each stage, on a CPU or a CUDA stream."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import torch


class StageClock:
    """Adds up the time of named stages; an inner stage interrupts its outer one.

    On CUDA, events in the stream mark where stages begin and end, so the host does
    not wait while it times them. Only `read` waits.

    Args:
        device: The device that does the work.
    """

    def __init__(self, device: torch.device | str) -> None:
        self.on_cuda = torch.device(device).type == 'cuda'
        self._open: list[str] = []
        self._marks: list[tuple] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time inside the `with` block to the stage `name`."""
        self._open.append(name)
        self._mark()
        try:
            yield
        finally:
            self._open.pop()
            self._mark()

    def timed(self, function: Callable, name: str) -> Callable:
        """The same function; its time is added to the stage `name`."""

        def wrapper(*args, **kwargs):
            with self.stage(name):
                return function(*args, **kwargs)

        return wrapper

    def read(self) -> dict[str, float]:
        """Milliseconds of each stage since the last `read`; then all start at 0."""
        if self.on_cuda:
            torch.cuda.synchronize()
        totals: dict[str, float] = {}
        for (begin, stage), (end, _) in pairwise(self._marks):
            if stage is not None:
                totals[stage] = totals.get(stage, 0.0) + self._elapsed(begin, end)
        self._marks.clear()
        return totals

    def _mark(self) -> None:
        if self.on_cuda:
            now = torch.cuda.Event(enable_timing=True)
            now.record()
        else:
            now = time.perf_counter()
        self._marks.append((now, self._open[-1] if self._open else None))

    def _elapsed(self, begin, end) -> float:
        return begin.elapsed_time(end) if self.on_cuda else 1e3 * (end - begin)
