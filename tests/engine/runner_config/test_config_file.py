"""Files that a command line names."""

from epsnet_mm.engine import runner_config

import pytest


def test_load_config(tmp_path):
    path = tmp_path / 'name.py'
    path.write_text('a = dict(b=1)')
    cfg = runner_config.load_config(str(path), {'a.b': 2})
    assert cfg.a.b == 2
    assert cfg.work_dir == 'work_dirs/name'
    path.write_text("work_dir = 'x'")
    assert runner_config.load_config(str(path)).work_dir == 'x'
    assert runner_config.load_config(str(path), work_dir='y').work_dir == 'y'


def test_missing_config():
    with pytest.raises(FileNotFoundError, match=r'gone.py does not exist'):
        runner_config.load_config('gone.py')


def test_checkpoint_path(tmp_path):
    (tmp_path / 'a.pth').touch()
    runner_config.check_checkpoint_path(str(tmp_path / 'a.pth'))
    runner_config.check_checkpoint_path('https://example.invalid/a.pth')
    with pytest.raises(FileNotFoundError, match=r'gone.pth does not exist'):
        runner_config.check_checkpoint_path('gone.pth')
