"""Runs tests on a mutant, in a forked process."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from .mutants import Mutant, install

KILLED, SURVIVED, INVALID = 'killed', 'survived', 'invalid'
# Far above the slowest of the tests: a mutant may loop for ever.
_SECONDS = 120


def judge(mutant: Mutant | None, tests: Sequence[Path]) -> str:
    """Whether tests notice a mutant.

    Args:
        mutant: None for the code as it is.
        tests: Files and folders.

    Returns:
        `INVALID` if the mutant cannot be installed.
    """
    child = os.fork()
    if not child:
        os.setsid()
        os._exit(_run(mutant, tests))
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return _verdict(os.waitstatus_to_exitcode(status))
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return KILLED


def _run(mutant: Mutant | None, tests: Sequence[Path]) -> int:
    sink = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(sink, stream)
    try:
        if mutant is not None:
            install(mutant)
    except (LookupError, ValueError, TypeError, SyntaxError):
        return 100
    options = ['-x', '-q', '-p', 'no:cacheprovider', '-m', 'not slow and not cuda']
    try:
        return int(pytest.main([*options, '--disable-warnings', *map(str, tests)]))
    except BaseException:
        return 1
    finally:
        sys.stdout.flush()


def _verdict(code: int) -> str:
    if code == 100:
        return INVALID
    return SURVIVED if code == 0 else KILLED
