"""Processes that take turns, with a tiny exported network."""

from pathlib import Path

from benchmarks.measurement.leaderboard.row import Row
from benchmarks.measurement.leaderboard.turns import Budget, measure_rows

import pytest

pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
pytest.importorskip('onnx', reason='onnx is not installed')

from tests.runtime.models.tiny_onnx import write_tiny_onnx

QUICK = Budget(seconds=0.01, fewest=3, most=3, rounds=2)


@pytest.mark.parametrize(
    ('milliseconds', 'calls'),
    [
        (1, [12, 12, 12, 12, 12]),  # no more than 60
        (700, [2, 3, 3, 3, 3]),  # 14 in 10 s
        (9000, [1, 1, 1, 1, 1]),  # no fewer than 5
    ],
)
def test_calls_are_spread_over_the_rounds(milliseconds, calls):
    found = Budget().calls(milliseconds)

    assert sorted(found) == calls


def test_files_run_without_torch(tmp_path):
    file = Path(write_tiny_onnx(tmp_path / 'tiny.onnx'))
    row = Row('tiny', file=str(file))
    messages = []

    (first, second), failures = measure_rows(
        [row, row], (8, 12), QUICK, 1, messages.append
    )

    assert failures == []
    assert not first.used_torch
    assert (first.calls, second.calls) == (3, 3)
    assert 0 < first.time.median <= first.time.p95
    assert first.megabytes == pytest.approx(file.stat().st_size / 1e6)
    # Linux tells it; Python and onnxruntime alone take more than 20 MiB.
    assert first.memory is None or first.memory > 20
    assert messages[-2:] == ['round 1 of 2', 'round 2 of 2']


def test_a_row_that_fails_leaves_the_others(tmp_path):
    damaged = tmp_path / 'damaged.onnx'
    damaged.write_bytes(b'no network')
    good = Row('tiny', file=str(write_tiny_onnx(tmp_path / 'tiny.onnx')))

    results, failures = measure_rows(
        [Row('bad', file=str(damaged)), good], (8, 12), QUICK, 1
    )

    assert [x.row for x in results] == [good]
    (message,) = failures
    assert message.startswith('bad, onnxruntime: ValueError')
    assert 'export it again' in message


def test_a_row_that_takes_too_long_to_start(tmp_path):
    row = Row('tiny', file=str(write_tiny_onnx(tmp_path / 'tiny.onnx')))

    results, failures = measure_rows([row], (8, 12), Budget(start=0.001), 1)

    assert results == []
    assert failures == [
        'tiny, onnxruntime: not ready after 0.001 s; raise --start-limit, or leave '
        'the row out.'
    ]


def test_the_baseline_takes_turns_with_every_group(tmp_path):
    file = write_tiny_onnx(tmp_path / 'tiny.onnx')
    rows = [Row(x, file=file, baseline=x == 'base') for x in ('a', 'base', 'b', 'c')]

    results, failures = measure_rows(rows, (8, 12), QUICK, 1, at_once=2)

    assert failures == []
    assert [(x.row.title, x.calls) for x in results] == [
        ('a', 3),
        ('base', 6),
        ('b', 3),
        ('c', 3),
    ]
