"""Looks after the processes of a training. Linux only: it reads /proc."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def wait_until(condition: Callable, seconds: float = 60):
    """The first true value of a function."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f'not within {seconds} s: {condition}')


def family(process: int) -> list[int]:
    """Numbers of all processes that a process has started, and so on."""
    found = []
    for path in Path(f'/proc/{process}/task').glob('*/children'):
        with suppress(OSError):
            for child in map(int, path.read_text(encoding='utf-8').split()):
                found += [child, *family(child)]
    return found


def alive(process: int) -> bool:
    fields = _stat(process)
    return bool(fields) and fields[0] not in 'ZX'


def session_members(session: int) -> list[int]:
    """Numbers of the living processes of a session."""
    found = []
    for path in Path('/proc').glob('[0-9]*'):
        fields = _stat(int(path.name))
        if fields and fields[0] not in 'ZX' and int(fields[3]) == session:
            found.append(int(path.name))
    return found


def _stat(process: int) -> list[str]:
    """State, parent, group, session and more; empty if there is no such process."""
    try:
        text = Path(f'/proc/{process}/stat').read_text(encoding='utf-8')
    except OSError:
        return []
    return text.rpartition(')')[2].split()
