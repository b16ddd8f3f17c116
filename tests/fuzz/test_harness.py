"""Planted faults, which the harness must report."""

import ctypes
import os
import sys
import time

from epsnet_mm.structures.panoptic_json import read_panoptic_json

import pytest

from .isolation import Limits, Result, run_isolated
from .outcomes import CRASH, FINE, HANG, SENTENCE, SILENT, TRACEBACK, SilentFault
from .table import Table

pytestmark = pytest.mark.skipif(
    sys.platform != 'linux', reason='limits the memory of forked processes'
)


def plant(action):
    """A surface whose second input does something."""

    def prepare(folder):
        actions = iter([lambda: None, action])
        return lambda draw: next(actions)()

    return prepare


def outcomes(action, **limits) -> list[str]:
    limits = Limits(**{'seconds': 30, **limits})
    return [x.outcome for x in run_isolated(plant(action), 'planted', range(2), limits)]


def wrong_sentence():
    raise ValueError('this is not raised by the package; do something else.')


def silent():
    try:
        raise SilentFault('3 objects in, 2 out')
    except Exception:
        pass  # code under test may swallow every error


def much_memory():
    bytearray(2**31)


@pytest.mark.parametrize(
    ('action', 'expected'),
    [
        (lambda: None, FINE),
        (lambda: read_panoptic_json('nothing.json'), SENTENCE),
        (lambda: {}['x'], TRACEBACK),
        (wrong_sentence, TRACEBACK),
        (silent, SILENT),
        (much_memory, CRASH),
        (lambda: os.abort(), CRASH),
        (lambda: ctypes.string_at(0), CRASH),
        (lambda: os._exit(0), CRASH),
    ],
)
def test_planted_outcomes(action, expected):
    assert outcomes(action, memory=2**30) == [FINE, expected]


def test_planted_hang():
    assert outcomes(lambda: time.sleep(60), seconds=0.5) == [FINE, HANG]


def test_the_next_input_runs_after_a_crash():
    def prepare(folder):
        return lambda draw: os.abort() if draw.random() < 0.5 else None

    found = list(run_isolated(prepare, 'half', range(8), Limits(30)))
    assert [result.seed for result in found] == list(range(8))
    assert {result.outcome for result in found} == {FINE, CRASH}
    assert found == list(run_isolated(prepare, 'half', range(8), Limits(30)))


def test_a_surface_that_cannot_start_ends_the_run():
    def prepare(folder):
        raise OSError('no such dataset')

    with pytest.raises(RuntimeError, match='no such dataset'):
        list(run_isolated(prepare, 'broken', range(2), Limits(30)))


def test_table_counts_and_shows_faults():
    table = Table()
    table.add('a', Result(0, FINE))
    table.add('a', Result(1, SENTENCE))
    assert not table.has_faults
    table.add('a', Result(2, SILENT, 'x.py:3: SilentFault: 3 in, 2 out'))
    assert table.has_faults
    text = table.text()
    assert '| a | 3 | 1 | 1 | 0 | 1 | 0 | 0 |' in text
    assert '1 x silent, a, seed 2: x.py:3: SilentFault: 3 in, 2 out' in text


def test_known_tracebacks_are_no_faults():
    table = Table()
    detail = '/x/site-packages/mmengine/runner/runner.py:1: TypeError: no Hook'
    table.add('config values', Result(0, TRACEBACK, detail))
    assert not table.has_faults
    assert 'Known tracebacks: 1 wrong values of a config' in table.text()
    table.add('images, training', Result(0, TRACEBACK, detail))
    assert table.has_faults
