"""Summaries by hand."""

from benchmarks.measurement.statistics import summarize

import pytest


def test_by_hand():
    # 0 .. 20: the 95th percentile is the value below which 19 of 20 steps lie.
    assert summarize(range(21)) == (10, 19)


def test_between_two_measurements():
    assert summarize([1.0, 2.0]) == (1.5, 1.95)


def test_one_measurement():
    assert summarize([7.0]) == (7, 7)


def test_nothing_measured():
    with pytest.raises(ValueError, match='measure at least once'):
        summarize([])
