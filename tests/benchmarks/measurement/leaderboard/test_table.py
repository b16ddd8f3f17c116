"""Markdown and JSON of measured rows."""

import json

from benchmarks.measurement.leaderboard.row import Row
from benchmarks.measurement.leaderboard.table import as_json, leaderboard
from benchmarks.measurement.leaderboard.turns import Measured
from benchmarks.measurement.statistics import Summary

import pytest

BASE = Measured(
    Row('EPSNet R101', config='a.py', baseline=True),
    'fp32',
    (550, 600),
    8,
    Summary(800.0, 900.0),
    1000.4,
    205.23,
    40,
    True,
)
SMALL = Measured(
    Row('Light', file='exports/light.onnx', pq=66.64, data='CamVid'),
    'int8',
    (480, 640),
    60,
    Summary(50.0, 60.0),
    None,
    6.02,
    12,
    False,
)
FACTS = {'Date': '2026-01-01'}


def test_markdown():
    text = leaderboard([BASE, SMALL], ['Big, PyTorch: no memory'], FACTS)

    lines = text.splitlines()
    assert lines[:2] == [
        '- Date: 2026-01-01',
        '- Baseline: EPSNet R101, PyTorch, fp32',
    ]
    assert lines[5:7] == [
        '| EPSNet R101 | PyTorch | fp32 | 600 x 550 |  | 800 | 900 | 1.25 | 1000 '
        '| 205.2 | 1.00 | 8 |',
        '| Light | onnxruntime | int8 | 640 x 480 | 66.6 (CamVid) | 50 | 60 | 20.00 '
        '|  | 6.0 | 0.06 | 60 |',
    ]
    assert lines[-1] == '- Failed: Big, PyTorch: no memory'


def test_no_ratios_without_the_baseline():
    with pytest.raises(ValueError, match='The baseline was not measured'):
        leaderboard([SMALL], [], FACTS)


def test_json():
    content = json.loads(as_json([BASE, SMALL], ['x'], FACTS))

    assert content['facts'] == FACTS
    assert content['failures'] == ['x']
    first, second = content['rows']
    assert (first['median_ms'], first['torch'], first['segments']) == (800, True, 40)
    assert (second['file'], second['peak_mib'], second['pq']) == (
        'light.onnx',
        None,
        66.64,
    )
