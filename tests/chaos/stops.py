"""Stops a training, resumes it, and compares the result."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from epsnet_mm.engine.safe_load import load_weights_only
from tests.fuzz.outcomes import CRASH, FINE, HANG, SILENT, TRACEBACK

import torch

from .training import Training, end_of

# A training of a second, on a machine that has other things to do.
_SECONDS = 180


@dataclass(frozen=True)
class Stop:
    """How a training is stopped.

    Attributes:
        loop: 'iter' or 'epoch'.
        kill_at: Number of the write before which it kills itself; None for a signal.
        torn: Whether a part of the file is left.
        signal: What is sent, if it does not kill itself.
        delay: Seconds after which it is sent.
    """

    loop: str
    kill_at: int | None = None
    torn: bool = False
    signal: int = signal.SIGKILL
    delay: float = 0


def run_stop(stop: Stop, data: Path, folder: Path, expected: dict) -> tuple[str, str]:
    """Stop a training once, resume it, and compare its result.

    Args:
        stop: How.
        data: Dataset of the training.
        folder: For its files; removed before.
        expected: Result of the uninterrupted training.

    Returns:
        One of the outcomes of `tests.fuzz`, and a detail. `SILENT` is a result that
        differs, a wrong pointer, or a process that is left.
    """
    shutil.rmtree(folder, ignore_errors=True)
    training = Training(data, folder, stop.loop)
    process = training.start(stop.kill_at, stop.torn)
    if stop.kill_at is None:
        time.sleep(stop.delay)
        os.kill(process, stop.signal)
    for step in (
        lambda: end_of(process, _SECONDS),
        lambda: _check_stopped(training),
        lambda: _resume(training),
        lambda: _compare(training.result(), expected),
        lambda: _check_folder(training.work_dir),
    ):
        outcome, detail = _attempt(step)
        if outcome != FINE:
            return outcome, f'{stop}: {detail}'
    return FINE, ''


def _attempt(step: Callable[[], object]) -> tuple[str, str]:
    try:
        step()
    except _Failed as error:
        return error.outcome, str(error)
    except AssertionError as error:
        return (HANG if 'not within' in str(error) else SILENT), str(error)
    return FINE, ''


class _Failed(Exception):
    """A training has ended badly."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome


def _check_stopped(training: Training) -> None:
    """What a stopped training leaves: a pointer to a sound checkpoint, or none."""
    _check_log(training)
    path = training.last_checkpoint()
    if path is None:
        return
    try:
        load_weights_only(str(path), map_location='cpu')
    except ValueError as error:
        raise AssertionError(f'last_checkpoint names a bad file: {error}') from error


def _check_log(training: Training) -> None:
    text = training.log.read_text(encoding='utf-8', errors='replace')
    tracebacks = text.split('Traceback')[1:]
    # A data worker whose training is killed while it hands over a batch says so, in
    # a thread of Python's own, and then ends too.
    if any('multiprocessing/resource_sharer.py' not in x for x in tracebacks):
        raise _Failed(TRACEBACK, text[-600:])


def _resume(training: Training) -> None:
    code = end_of(training.start(), _SECONDS)
    _check_log(training)
    if code:
        text = training.log.read_text(encoding='utf-8', errors='replace')
        raise _Failed(CRASH, f'resuming ends with {code}: {text[-400:]}')


def _compare(result: object, expected: object, path: str = '') -> None:
    """Compare two results bit by bit."""
    if isinstance(expected, torch.Tensor):
        assert torch.equal(result, expected), f'{path} differs'
    elif isinstance(expected, dict):
        assert result.keys() == expected.keys(), f'{path} has other keys'
        for key, value in expected.items():
            _compare(result[key], value, f'{path}.{key}')
    elif isinstance(expected, list):
        assert len(result) == len(expected), f'{path} has another length'
        for position, value in enumerate(expected):
            _compare(result[position], value, f'{path}[{position}]')
    else:
        assert result == expected, f'{path} is {result} instead of {expected}'


def _check_folder(work_dir: Path) -> None:
    left = [path.name for path in work_dir.rglob('*.partial')]
    assert not left, f'temporary files are left: {left}'
