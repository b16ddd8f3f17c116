"""Plot of measured rows."""

from dataclasses import replace

from benchmarks.measurement.leaderboard.plot import plot
from benchmarks.measurement.leaderboard.row import Row
from benchmarks.measurement.leaderboard.turns import Measured
from benchmarks.measurement.statistics import Summary

import pytest
from PIL import Image

RANDOM = Measured(
    Row('A', config='a.py'), 'fp32', (8, 9), 5, Summary(80, 90), 1, 2, 3, True
)
TRAINED = replace(RANDOM, row=Row('B', file='b.onnx', pq=66.6, data='CamVid'))


@pytest.mark.parametrize('results', [[RANDOM, TRAINED], [RANDOM]], ids=['PQ', 'no PQ'])
def test_plot(results, tmp_path):
    plot(tmp_path / 'a.png', results, 'a machine')

    with Image.open(tmp_path / 'a.png') as picture:
        inches = 1.5 + 0.2 * len(results) + (3 if len(results) == 2 else 0)
        assert picture.size == (800, int(100 * inches + 0.5))
        # Bars and text, not an empty page.
        assert len(picture.getcolors(1 << 20)) > 10
