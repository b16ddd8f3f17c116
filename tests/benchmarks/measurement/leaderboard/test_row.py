"""Rows of the CPU table, as a JSON file describes them."""

import json
from pathlib import Path

from benchmarks.cpu_leaderboard import ROWS
from benchmarks.measurement.leaderboard.row import Row, parse_row, read_rows

import pytest

CONFIGS = Path(__file__).parents[4] / 'configs'


@pytest.mark.parametrize(
    ('entry', 'engine'),
    [
        (dict(config='a.py'), 'PyTorch'),
        (dict(config='a.py', compiled=True), 'PyTorch, compiled'),
        (dict(file='a.onnx'), 'onnxruntime'),
        (dict(file='a.xml'), 'OpenVINO'),
    ],
)
def test_engine(entry, engine):
    assert parse_row(dict(entry, title='A')).engine == engine


def test_a_row_survives_json():
    row = Row('A', config='a.py', size=(3, 4), pq=1.5, data='streets')

    assert parse_row(json.loads(row.as_json())) == row


def test_missing_files(tmp_path):
    there = tmp_path / 'a.onnx'
    there.touch()

    row = Row('A', file=str(there), photo=str(tmp_path / 'photo.jpg'))

    assert row.missing == [str(tmp_path / 'photo.jpg')]


@pytest.mark.parametrize(
    ('entry', 'message'),
    [
        (dict(title='A', config='a.py', speed=1), 'is no row: give a title'),
        (dict(config='a.py'), 'is no row: give a title'),
        (dict(title='A'), 'The row A needs a config or a file'),
        (dict(title='A', config='a.py', file='a.onnx'), 'needs a config or a file'),
    ],
)
def test_wrong_rows(entry, message):
    with pytest.raises(ValueError, match=message):
        parse_row(entry)


def test_there_is_one_baseline(tmp_path):
    path = tmp_path / 'rows.json'
    path.write_text(json.dumps([dict(title='A', config='a.py')]), encoding='utf-8')

    with pytest.raises(ValueError, match='needs one row with "baseline": true'):
        read_rows(path)


def test_rows_of_the_table_have_configs_that_exist():
    rows = read_rows(ROWS)

    own = {x.config for x in rows if x.config and not x.config.startswith('mmdet::')}
    assert own
    for config in own:
        assert (CONFIGS / config).is_file(), config
    assert all(x.file or x.checkpoint or not x.trained for x in rows)
