"""Which rows the CPU table runs."""

import json

from benchmarks import cpu_leaderboard

import pytest

ROWS = [
    dict(title='EPSNet R101', config='a.py', baseline=True),
    dict(title='Light', config='b.py'),
    dict(title='Light', file='not/there.onnx'),
]


@pytest.fixture
def choose(tmp_path, monkeypatch):
    """From further arguments to the titles and engines that are run."""
    monkeypatch.setattr(cpu_leaderboard, 'usable_cores', lambda: 2)
    path = tmp_path / 'rows.json'
    path.write_text(json.dumps(ROWS), encoding='utf-8')

    def choose(*arguments):
        args = cpu_leaderboard.parse_args(['--rows', str(path), *arguments])
        return [(x.title, x.engine) for x in cpu_leaderboard.choose_rows(args)]

    return choose


def test_missing_files_are_named(choose, capsys):
    with pytest.raises(ValueError, match=r'Missing: not/there\.onnx; make them'):
        choose()

    rows = choose('--skip-missing')
    assert rows == [('EPSNet R101', 'PyTorch'), ('Light', 'PyTorch')]
    assert capsys.readouterr().err == 'left out: not/there.onnx is missing\n'


def test_only_keeps_the_baseline(choose):
    assert choose('--only', 'nothing') == [('EPSNet R101', 'PyTorch')]


def test_no_more_threads_than_cores(choose):
    with pytest.raises(ValueError, match='--threads 3 is more than the 2 cores'):
        choose('--threads', '3')
