"""The names of processes that a distributed training has lost."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mmengine.dist import all_gather_object, is_distributed

# Linux's letters for processes that do not answer.
_LOST = dict(Z='has ended', X='has ended', T='is stopped', t='is stopped')
# Seconds that an ending process takes from closing its connections to its end.
_END = 2.0


@contextmanager
def name_lost_processes() -> Iterator[None]:
    """Say which processes are gone, where an error is a lost connection.

    PyTorch names an address. Processes of this machine are looked up; of others
    nothing is known here, and `torchrun` names them on their machine.

    Raises:
        RuntimeError: Instead of another RuntimeError, if a process was lost.
    """
    if not is_distributed():
        yield
        return
    roster = all_gather_object((socket.gethostname(), os.getpid()))
    try:
        yield
    except RuntimeError as error:
        lost = _wait_for_lost(roster)
        if not lost:
            raise
        raise RuntimeError(
            f'The training lost {", ".join(lost)}; continue with --resume, from the '
            'last checkpoint.'
        ) from error


def _wait_for_lost(roster: list[tuple[str, int]]) -> list[str]:
    """Descriptions of the processes that are gone, as soon as there are some."""
    end = time.monotonic() + _END
    while not (lost := find_lost(roster)) and time.monotonic() < end:
        time.sleep(0.1)
    return lost


def find_lost(roster: list[tuple[str, int]]) -> list[str]:
    """Describe the processes of this machine that have ended or are stopped.

    Args:
        roster: Name of the machine and number of the process, by rank.
    """
    here = socket.gethostname()
    found = []
    for rank, (host, process) in enumerate(roster):
        state = _state(process) if host == here else ''
        if state in _LOST:
            found.append(f'rank {rank} (process {process} {_LOST[state]})')
    return found


def _state(process: int) -> str:
    """Linux's letter for the state of a process; empty if it is not known."""
    if not Path('/proc/self/stat').is_file():
        return ''
    try:
        text = Path(f'/proc/{process}/stat').read_text(encoding='utf-8')
    except OSError:
        return 'X'
    # The name of the program, in parentheses, may hold anything.
    return text.rpartition(')')[2].split()[0]
