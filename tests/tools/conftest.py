"""A training so small that the command lines can be run for real."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import epsnet_mm  # noqa: F401  (configs name its classes)
from epsnet_mm.datasets.synthetic.shapes import make_shapes

import pytest
from mmengine.config import Config

REPO = Path(__file__).resolve().parents[2]
CONFIG = REPO / 'configs/epsnet/epsnet_r18_fpn_shapes.py'
# On 64 pixels P6 is a single pixel, for which the bfloat16 convolution of torch
# 2.13 (oneDNN, stride 2) takes its weight gradient from uninitialized memory.
SIZE = 96


@pytest.fixture(scope='session')
def tiny_config(tmp_path_factory):
    """Path of the shapes config, cut to 8 images of 96 pixels and 2 epochs.

    With 2 images at a time an epoch has 4 iterations.
    """
    folder = tmp_path_factory.mktemp('tiny')
    make_shapes(str(folder / 'shapes'), train=8, val=3, size=SIZE)
    cfg = Config.fromfile(CONFIG)
    for split in ('train', 'val', 'test'):
        loader = cfg[f'{split}_dataloader']
        loader.update(num_workers=0, persistent_workers=False)
        loader.dataset.data_root = str(folder / 'shapes')
        for transform in loader.dataset.pipeline:
            for key in ('scale', 'crop_size'):
                if key in transform:
                    transform[key] = (SIZE, SIZE)
    cfg.train_dataloader.batch_size = 2
    for evaluator in (cfg.val_evaluator, cfg.test_evaluator):
        for key in ('ann_file', 'seg_prefix'):
            name = Path(evaluator[key]).name
            evaluator[key] = str(folder / 'shapes/annotations' / name)
    cfg.train_cfg.update(max_epochs=2, val_interval=2)
    # One rate for each iteration, so that a wrong one shows.
    cfg.param_scheduler = [
        dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=8)
    ]
    cfg.default_hooks.logger.interval = 1
    cfg.randomness = dict(seed=0)
    path = folder / 'tiny.py'
    cfg.dump(path)
    return path


@pytest.fixture
def port(free_port, monkeypatch):
    """Where the processes of `tools/dist_*.sh` meet."""
    monkeypatch.setenv('PORT', free_port)


@pytest.fixture
def run_tool(monkeypatch, capsys):
    """Run a Python tool in this process, as `python tools/NAME.py` would.

    Returns a function: name and arguments to the printed text.
    """

    def _run_tool(name, *arguments):
        path = str(REPO / f'tools/{name}.py')
        monkeypatch.setattr(sys, 'argv', [path, *map(str, arguments)])
        runpy.run_path(path, run_name='__main__')
        return capsys.readouterr().out

    return _run_tool


@pytest.fixture
def run(tmp_path):
    """Run a script of the repository from another folder, not installed.

    Returns a function: script and arguments to (exit code, printed text).
    """

    def _run(*command, timeout=500):
        environment = dict(os.environ, OMP_NUM_THREADS='1', PYTHON=sys.executable)
        environment.setdefault('CUDA_VISIBLE_DEVICES', '')
        script = str(REPO / command[0])
        start = [script] if script.endswith('.sh') else [sys.executable, script]
        done = subprocess.run(
            start + [str(part) for part in command[1:]],
            cwd=tmp_path,
            env=environment,
            timeout=timeout,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    return _run
