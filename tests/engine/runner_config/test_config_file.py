"""Files that a command line names."""

from epsnet_mm.engine import runner_config

import pytest


def test_load_config(tmp_path):
    path = tmp_path / 'name.py'
    path.write_text('model = dict(b=1)')
    options = {'model.b': 2}
    cfg = runner_config.load_config(str(path), options)
    assert cfg.model.b == 2
    assert options == {'model.b': 2}
    assert cfg.work_dir == 'work_dirs/name'
    path.write_text("work_dir = 'x'")
    assert runner_config.load_config(str(path)).work_dir == 'x'
    assert runner_config.load_config(str(path), work_dir='y').work_dir == 'y'


def test_new_keys_on_request(tmp_path):
    path = tmp_path / 'name.py'
    path.write_text('a = dict(b=1)')
    options = {'a.b': 2, 'c': 3}
    with pytest.raises(ValueError, match='`a` is a variable'):
        runner_config.load_config(str(path), options)
    cfg = runner_config.load_config(str(path), options, allow_new_keys=True)
    assert (cfg.a.b, cfg.c) == (2, 3)


def test_delete(tmp_path):
    path = tmp_path / 'name.py'
    path.write_text('env_cfg = dict(dist_cfg=dict(backend="nccl"))')
    options = {'env_cfg.dist_cfg._delete_': True, 'env_cfg.dist_cfg.timeout': 9}
    cfg = runner_config.load_config(str(path), options)
    assert cfg.env_cfg.dist_cfg == dict(timeout=9)


def test_missing_config():
    with pytest.raises(FileNotFoundError, match=r'gone.py does not exist'):
        runner_config.load_config('gone.py')


def test_checkpoint_path(tmp_path):
    (tmp_path / 'a.pth').touch()
    runner_config.check_checkpoint_path(str(tmp_path / 'a.pth'))
    runner_config.check_checkpoint_path('https://example.invalid/a.pth')
    with pytest.raises(FileNotFoundError, match=r'gone.pth does not exist'):
        runner_config.check_checkpoint_path('gone.pth')
