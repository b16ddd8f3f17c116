"""Logs of a training that was stopped and resumed."""

import json

from epsnet_mm.analysis.training_log import curve, curves_like, read_records

import pytest


def write(work_dir, run, records, end=''):
    path = work_dir / run / 'vis_data/scalars.json'
    path.parent.mkdir(parents=True)
    path.write_text('\n'.join(map(json.dumps, records)) + '\n' + end)
    return path


def train(iteration, loss):
    return dict(iter=iteration, epoch=1, step=iteration, loss=loss)


def test_resumed_parts_are_joined(tmp_path):
    """A validation stands at the iteration before it, whatever its step is."""
    write(
        tmp_path,
        '20260101_000000',
        [train(10, 5.0), train(20, 4.0), {'x/PQ': 30.0, 'step': 1}, train(30, 9.0)],
    )
    # From the checkpoint of iteration 20; the line of iteration 30 is void.
    write(
        tmp_path,
        '20260102_000000',
        [{'x/PQ': 1.0}, train(30, 3.0), {'x/PQ': 40.0, 'x/PQ_th': 35.0, 'step': 2}],
    )
    records = read_records(str(tmp_path))
    assert curve(records, 'loss') == ([10, 20, 30], [5.0, 4.0, 3.0])
    assert curves_like(records, '', '/PQ') == {'x/PQ': ([20, 30], [30.0, 40.0])}
    assert curve(records, 'x/PQ_th') == ([30], [35.0])
    assert curve(records, 'nothing') == ([], [])


def test_a_training_from_the_start_replaces_an_earlier_one(tmp_path):
    write(tmp_path, '1', [train(10, 5.0), train(20, 4.0)])
    write(tmp_path, '2', [train(10, 2.0)])
    assert curve(read_records(str(tmp_path)), 'loss') == ([10], [2.0])


def test_unfinished_last_line_and_damage(tmp_path):
    path = write(tmp_path, '1', [train(10, 5.0)], end='{"iter": 20, "lo')
    assert curve(read_records(str(tmp_path)), 'loss') == ([10], [5.0])
    path.write_text('{"it\n' + path.read_text())
    with pytest.raises(ValueError, match=r'scalars.json is damaged in line 1'):
        read_records(str(tmp_path))


def test_no_log(tmp_path):
    with pytest.raises(FileNotFoundError, match='no log of a training'):
        read_records(str(tmp_path))
    # An evaluation only.
    write(tmp_path, '1', [{'x/PQ': 1.0}])
    with pytest.raises(FileNotFoundError, match='no log of a training'):
        read_records(str(tmp_path))
