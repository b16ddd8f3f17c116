"""Stages, on a clock that the test sets."""

from types import SimpleNamespace

from benchmarks.measurement import clock as module
from benchmarks.measurement.clock import StageClock

import pytest


@pytest.fixture
def watch(monkeypatch):
    """`watch.now` is the time in seconds."""
    watch = SimpleNamespace(now=0.0)
    monkeypatch.setattr(module.time, 'perf_counter', lambda: watch.now)
    return watch


def test_stages_add_up(watch):
    clock = StageClock('cpu')

    for duration in (1, 2):
        with clock.stage('network'):
            watch.now += duration
        watch.now += 10  # in no stage

    assert clock.read() == {'network': 3000}


def test_an_inner_stage_interrupts_the_outer(watch):
    clock = StageClock('cpu')

    with clock.stage('network'):
        watch.now += 1
        with clock.stage('post-process'):
            watch.now += 4
            with clock.stage('network'):
                watch.now += 0.5
        watch.now += 2

    assert clock.read() == {'network': 3500, 'post-process': 4000}


def test_reading_resets_the_clock(watch):
    clock = StageClock('cpu')
    with clock.stage('network'):
        watch.now += 1

    clock.read()

    assert clock.read() == {}


def test_a_timed_function_returns_its_result(watch):
    clock = StageClock('cpu')

    def double(x):
        watch.now += x
        return 2 * x

    assert clock.timed(double, 'double')(3) == 6
    assert clock.read() == {'double': 3000}


def test_an_error_ends_its_stage(watch):
    clock = StageClock('cpu')

    with pytest.raises(ZeroDivisionError), clock.stage('network'):
        watch.now += 1
        raise ZeroDivisionError
    watch.now += 5

    assert clock.read() == {'network': 1000}
