"""Several processes without a GPU."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

from epsnet_mm.engine import runner_config
from epsnet_mm.engine.runner_config import launcher

import pytest
import torch
from mmengine.config import Config


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)


def test_launcher_leaves_a_gpu_config_alone(gpu):
    cfg = Config(dict(env_cfg=dict(dist_cfg=dict(backend='nccl'))))
    runner_config.set_launcher(cfg, 'slurm')
    assert cfg.env_cfg.dist_cfg.backend == 'nccl'
    assert cfg.launcher == 'slurm'


def test_launcher_without_gpu(no_gpu, monkeypatch):
    started, at_exit, parents = [], [], []
    monkeypatch.setenv('RANK', '0')
    monkeypatch.setattr(launcher, 'end_with_parent', parents.append)
    monkeypatch.setattr(
        launcher.torch_dist,
        'init_process_group',
        lambda *args, **kwargs: started.append((*args, kwargs)),
    )
    cfg = Config(dict(env_cfg=dict(dist_cfg=dict(backend='nccl', timeout=90))))
    runner_config.set_launcher(cfg, 'none')
    assert started == parents == []
    assert cfg.env_cfg.dist_cfg.backend == 'nccl'
    monkeypatch.setattr(launcher.atexit, 'register', at_exit.append)
    runner_config.set_launcher(cfg, 'pytorch')
    assert at_exit == [launcher._leave_process_group]
    assert started == [('gloo', dict(timeout=timedelta(seconds=90)))]
    assert parents == [signal.SIGTERM]
    assert cfg.env_cfg.dist_cfg.backend == 'gloo'
    assert cfg.model_wrapper_cfg == dict(
        type='MMDistributedDataParallel',
        broadcast_buffers=False,
        find_unused_parameters=False,
        device_ids=None,
    )


def test_own_wrapper_is_kept_without_gpu(no_gpu, monkeypatch):
    monkeypatch.setenv('RANK', '0')
    monkeypatch.setattr(launcher, 'end_with_parent', lambda _: None)
    monkeypatch.setattr(
        launcher.torch_dist, 'init_process_group', lambda *_, **__: None
    )
    monkeypatch.setattr(launcher.atexit, 'register', lambda _: None)
    own = dict(type='MyWrapper', static_graph=True)
    cfg = Config(dict(model_wrapper_cfg=own))
    launcher.set_launcher(cfg, 'pytorch')
    assert cfg.model_wrapper_cfg == dict(own, device_ids=None)


def test_process_group_without_gpu_ends_with_the_process(tmp_path, free_port):
    code = """
import atexit
atexit.register(lambda: print('still there:', torch_dist.is_initialized()))
import torch.distributed as torch_dist
from mmengine.config import Config
from epsnet_mm.engine import runner_config
runner_config.set_launcher(Config(), 'pytorch')
print('there:', torch_dist.is_initialized())
"""
    done = subprocess.run(
        [sys.executable, '-c', code],
        cwd=tmp_path,
        timeout=200,
        env=dict(
            os.environ,
            CUDA_VISIBLE_DEVICES='',
            RANK='0',
            WORLD_SIZE='1',
            MASTER_ADDR='127.0.0.1',
            MASTER_PORT=free_port,
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert 'there: True\nstill there: False' in done.stdout, done.stdout


def test_launchers_that_do_not_work_without_gpu(no_gpu, monkeypatch):
    monkeypatch.delenv('RANK', raising=False)
    with pytest.raises(ValueError, match='slurm needs a GPU'):
        runner_config.set_launcher(Config(), 'slurm')
    with pytest.raises(RuntimeError, match='needs torchrun'):
        runner_config.set_launcher(Config(), 'pytorch')
