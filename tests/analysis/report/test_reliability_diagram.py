"""Bars of the reliability diagram."""

from epsnet_mm.analysis.report.reliability_diagram import reliability_diagram

import pytest


def test_bars():
    empty = dict(low=0.0, high=0.5, predictions=0, score=None, precision=None)
    full = dict(low=0.5, high=1.0, predictions=8, score=0.75, precision=0.25)
    half = dict(full, low=0.4, predictions=4)
    bars = reliability_diagram(dict(bins=[empty, half, full]))
    assert [bar['weight'] for bar in bars] == [0.5, 1]
    assert bars[1] == dict(
        x=50, width=50, y=75, score_y=pytest.approx(25), weight=1, bin=full
    )
