"""What the command lines change in a config."""

import os
import subprocess
import sys

from epsnet_mm.engine import runner_config

import pytest
import torch
from mmengine.config import Config


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)


def wrapped(kind):
    return Config(dict(optim_wrapper=dict(type=kind, optimizer=dict(lr=1))))


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


@pytest.mark.parametrize(
    ('kind', 'amp'),
    [
        ('OptimWrapper', 'AmpOptimWrapper'),
        ('FiniteOptimWrapper', 'FiniteAmpOptimWrapper'),
        ('FiniteAmpOptimWrapper', 'FiniteAmpOptimWrapper'),
    ],
)
def test_amp_on_a_gpu(gpu, kind, amp):
    cfg = wrapped(kind)
    runner_config.enable_amp(cfg)
    assert cfg.optim_wrapper == dict(type=amp, optimizer=dict(lr=1))


@pytest.mark.parametrize(
    'kind',
    [
        'OptimWrapper',
        'FiniteOptimWrapper',
        'AmpOptimWrapper',
        'FiniteAmpOptimWrapper',
        'FiniteCpuAmpOptimWrapper',
    ],
)
def test_amp_on_a_cpu(no_gpu, kind):
    cfg = wrapped(kind)
    runner_config.enable_amp(cfg)
    assert cfg.optim_wrapper.type == 'FiniteCpuAmpOptimWrapper'


def test_amp_of_an_unknown_wrapper(no_gpu):
    with pytest.raises(ValueError, match='type=ApexOptimWrapper'):
        runner_config.enable_amp(wrapped('ApexOptimWrapper'))


def test_auto_scale_lr():
    cfg = Config(dict(auto_scale_lr=dict(base_batch_size=8)))
    runner_config.enable_auto_scale_lr(cfg)
    assert cfg.auto_scale_lr == dict(base_batch_size=8, enable=True)
    with pytest.raises(ValueError, match=r'auto_scale_lr.base_batch_size'):
        runner_config.enable_auto_scale_lr(Config())


def test_tta_takes_the_configs():
    cfg = Config(
        dict(
            model=dict(type='A'),
            tta_model=dict(type='B'),
            tta_pipeline=[dict(type='C')],
            test_dataloader=dict(dataset=dict(pipeline=[])),
        )
    )
    runner_config.enable_tta(cfg)
    assert cfg.model == dict(type='B', module=dict(type='A'))
    assert cfg.test_dataloader.dataset.pipeline == [dict(type='C')]


def test_tta_is_not_made_up():
    with pytest.raises(ValueError, match='tta_model and tta_pipeline'):
        runner_config.enable_tta(Config(dict(model=dict(type='A'))))


def config_with(*types, seg='png'):
    return Config(
        dict(
            test_dataloader=dict(
                dataset=dict(
                    data_prefix=dict(img='i', seg=seg),
                    pipeline=[dict(type=kind) for kind in types],
                )
            )
        )
    )


@pytest.mark.parametrize(
    ('cfg', 'expected'),
    [
        (
            config_with('Load', 'Resize', 'Pack'),
            ['Load', 'Resize', 'LoadPanopticSegments', 'Pack'],
        ),
        (
            config_with('LoadPanopticAnnotations', 'Pack'),
            ['LoadPanopticAnnotations', 'Pack'],
        ),
        (config_with('Load', 'Pack', seg=''), ['Load', 'Pack']),
    ],
)
def test_ground_truth_is_loaded_last(cfg, expected):
    runner_config.add_ground_truth(cfg)
    pipeline = cfg.test_dataloader.dataset.pipeline
    assert [transform.type for transform in pipeline] == expected


def test_resume(tmp_path):
    (tmp_path / 'a.pth').touch()
    path = str(tmp_path / 'a.pth')
    for resume, expected in (
        (None, (False, 'x')),
        ('auto', (True, None)),
        (path, (True, path)),
    ):
        cfg = Config(dict(resume=False, load_from='x'))
        runner_config.set_resume(cfg, resume)
        assert (cfg.resume, cfg.load_from) == expected
    with pytest.raises(FileNotFoundError, match=r'gone.pth'):
        runner_config.set_resume(cfg, 'gone.pth')


def test_launcher_leaves_a_gpu_config_alone(gpu):
    cfg = Config(dict(env_cfg=dict(dist_cfg=dict(backend='nccl'))))
    runner_config.set_launcher(cfg, 'slurm')
    assert cfg.env_cfg.dist_cfg.backend == 'nccl'
    assert cfg.launcher == 'slurm'


def test_launcher_without_gpu(no_gpu, monkeypatch):
    started, at_exit = [], []
    monkeypatch.setenv('RANK', '0')
    monkeypatch.setattr(runner_config.torch_dist, 'init_process_group', started.append)
    cfg = Config(dict(env_cfg=dict(dist_cfg=dict(backend='nccl'))))
    runner_config.set_launcher(cfg, 'none')
    assert started == []
    assert cfg.env_cfg.dist_cfg.backend == 'nccl'
    monkeypatch.setattr(runner_config.atexit, 'register', at_exit.append)
    runner_config.set_launcher(cfg, 'pytorch')
    assert at_exit == [runner_config._leave_process_group]
    assert started == ['gloo']
    assert cfg.env_cfg.dist_cfg.backend == 'gloo'
    assert cfg.model_wrapper_cfg.device_ids is None


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
