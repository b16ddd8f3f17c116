"""Does work in a thread of its own, a bounded number of jobs ahead."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Background:
    """Runs jobs one after the other, while the caller goes on.

    A job's error is raised by a later `submit`, or at the end of the block. An
    interrupted block waits for the jobs that it has submitted.

    Args:
        depth: Number of jobs that may wait. A caller that is faster waits, too.
    """

    def __init__(self, depth: int = 4) -> None:
        self.depth = depth
        self._jobs: deque[Future] = deque()

    def __enter__(self) -> 'Background':
        """Start the thread."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix='background')
        return self

    def submit(self, job: Callable, *args) -> None:
        """Run `job(*args)` soon."""
        while len(self._jobs) >= self.depth:
            self._jobs.popleft().result()
        self._jobs.append(self._pool.submit(job, *args))

    def __exit__(self, error_type, *_) -> None:
        """Wait for all jobs."""
        self._pool.shutdown(wait=True)
        if error_type is None:
            for job in self._jobs:
                job.result()
