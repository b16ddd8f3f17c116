"""Runs inputs in forked processes, so that a hang or a crash is seen."""

import faulthandler
import json
import os
import random
import resource
import select
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch

from .outcomes import CRASH, FINE, HANG, SENTENCE, classify, where


@dataclass(frozen=True)
class Limits:
    """What an input may use.

    Attributes:
        seconds: Time by the clock. Far above what an input needs, because other
            programs may use the processor.
        memory: Bytes beyond what the process has at the start.
    """

    seconds: float = 30
    memory: int = 3 * 2**30


@dataclass(frozen=True)
class Result:
    """How one input ended.

    Attributes:
        seed: Of the input.
        outcome: One of `OUTCOMES`.
        detail: Where and why, for a fault.
    """

    seed: int
    outcome: str
    detail: str = ''


def run_isolated(
    surface: Callable[[Path], Callable[[random.Random], None]],
    name: str,
    seeds: Sequence[int],
    limits: Limits,
) -> Iterator[Result]:
    """Give a surface its inputs, in a process that is replaced when it dies.

    Args:
        surface: Called with an empty folder, it gives the function that makes and
            uses one input.
        name: Of the surface; with it and the seed an input can be made again.
        seeds: Of the inputs.
        limits: Per input.
    """
    position = 0
    while position < len(seeds):
        with tempfile.TemporaryDirectory(prefix='epsnet-fuzz-') as folder:
            for result in _run_until_death(
                surface, name, seeds[position:], limits, Path(folder)
            ):
                position += 1
                yield result


def _run_until_death(surface, name, seeds, limits, folder) -> Iterator[Result]:
    receiver, sender = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os.close(receiver)
        os.setsid()
        _work(surface, name, seeds, limits, folder, sender)
    os.close(sender)
    try:
        yield from _listen(child, receiver, seeds, limits)
    finally:
        os.close(receiver)
        _end(child)


def _work(surface, name, seeds, limits, folder, sender) -> None:
    """The life of a child."""
    faulthandler.disable()  # a planted crash needs no report of its own
    # The threads of OpenMP are not in a fork, which would wait for them.
    torch.set_num_threads(1)
    sink = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(sink, stream)
    try:
        try:
            run = surface(folder)
        except BaseException:
            # A fault of the harness, not of what it tests.
            failure = json.dumps(dict(failure=traceback.format_exc()))
            os.write(sender, failure.encode() + b'\n')
            return
        used = int(Path('/proc/self/statm').read_text(encoding='utf-8').split()[0])
        limit = used * resource.getpagesize() + limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for seed in seeds:
            outcome, detail = _outcome(run, name, seed)
            record = json.dumps([seed, outcome, detail]) + '\n'
            os.write(sender, record.encode())
    finally:
        os._exit(0)


def _outcome(run, name, seed) -> tuple[str, str]:
    try:
        run(random.Random(f'{name}:{seed}'))
    except BaseException as error:
        outcome = classify(error)
        if outcome == SENTENCE:
            return outcome, ''
        text = ascii(f'{type(error).__name__}: {error}')[1:-1]
        return outcome, f'{where(error)}: {text[:600]}'
    return FINE, ''


def _listen(child, receiver, seeds, limits) -> Iterator[Result]:
    """Results of a child; the last one may be its death."""
    buffer, position = b'', 0
    while position < len(seeds):
        # The child has no more than a line in work, and a line is short.
        ready, _, _ = select.select([receiver], [], [], limits.seconds)
        if not ready:
            yield Result(seeds[position], HANG, f'longer than {limits.seconds} s')
            return
        data = os.read(receiver, 65536)
        if not data:
            yield Result(seeds[position], CRASH, _end(child))
            return
        *lines, buffer = (buffer + data).split(b'\n')
        for line in lines:
            record = json.loads(line)
            if isinstance(record, dict):
                raise RuntimeError(f'The surface cannot start. {record["failure"]}')
            yield Result(*record)
        position += len(lines)


def _end(child: int) -> str:
    """Kill a child and all that it has started; how it ended by itself."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    try:
        _, status = os.waitpid(child, 0)
    except ChildProcessError:
        return ''
    code = os.waitstatus_to_exitcode(status)
    return f'ended by signal {-code}' if code < 0 else f'ended with exit code {code}'
