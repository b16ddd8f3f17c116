"""A resumed training is the uninterrupted one, bit for bit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from . import resumed_training as script

# Of the message hub: what depends on the clock and on names of files.
VOLATILE = ('time', 'eta', 'last_ckpt', 'cfg', 'experiment_name')


@pytest.fixture(scope='module')
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp('resumed')
    script.make_data(folder / 'data')
    return folder


def flatten(value, path: str = '') -> dict:
    """Nested dictionaries and lists as one dictionary."""
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    elif hasattr(value, 'data') and hasattr(value, '_log_history'):
        items = dict(values=value.data[0], counts=value.data[1]).items()
    else:
        return {path: value}
    found = {path: type(value)}
    for key, part in items:
        found |= flatten(part, f'{path}/{key}')
    return found


def final_state(work_dir: Path) -> dict:
    """Everything in the last checkpoint that must not depend on interruptions."""
    path = work_dir / f'iter_{script.LAST}.pth'
    state = torch.load(path, weights_only=False)
    state['meta'] = {key: state['meta'][key] for key in ('epoch', 'iter', 'seed')}
    return {
        key: value
        for key, value in flatten(state).items()
        if not any(name in key.lower() for name in VOLATILE)
    }


def assert_same(folder: Path) -> None:
    whole, resumed = (final_state(folder / name) for name in ('whole', 'resumed'))
    assert whole.keys() == resumed.keys()
    different = [
        key for key, value in whole.items() if not is_same(value, resumed[key])
    ]
    assert different == []
    # The test would be worth nothing without them.
    for part in ('ema_state_dict', 'optimizer', 'param_schedulers', 'message_hub'):
        assert any(key.startswith(f'/{part}/') for key in whole)


def is_same(one, other) -> bool:
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    same = one == other
    return bool(same.all() if hasattr(same, 'all') else same)


@pytest.mark.parametrize('workers', [0, 2])
@pytest.mark.parametrize('loop', ['iter', 'epoch'])
def test_one_process(folder, loop, workers):
    work = folder / f'{loop}-{workers}'
    whole, resumed = script.train_twice(folder / 'data', work, loop, workers)
    assert len(set(whole)) == script.LAST
    assert resumed == whole[script.STOP :]
    assert_same(work)


def test_workers_change_nothing(folder):
    """Seeds depend on the sample, not on the process that loads it."""
    for loop in ('iter', 'epoch'):
        none, two = (final_state(folder / f'{loop}-{n}/whole') for n in (0, 2))
        assert all(is_same(value, two[key]) for key, value in none.items())


def test_without_a_seed_in_the_config(folder):
    work = folder / 'no-seed'
    randomness = dict(seed=None)
    whole, resumed = script.train_twice(
        folder / 'data', work, 'iter', 0, randomness=randomness
    )
    assert resumed == whole[script.STOP :]
    assert_same(work)


def test_without_the_seeds_they_differ(folder):
    """Which is why they are there, and shows that the test can fail."""
    work = folder / 'unseeded'
    cfg = script.config(folder / 'data', work, 'iter', 1)
    hooks = cfg.default_hooks
    hooks.pop('iteration_seed')
    script.train_twice(folder / 'data', work, 'iter', 1, default_hooks=hooks)
    whole, resumed = (final_state(work / name) for name in ('whole', 'resumed'))
    key = '/state_dict/layers.0.weight'
    assert not torch.equal(whole[key], resumed[key])


@pytest.mark.slow
def test_two_processes(folder, repo_root):
    command = [sys.executable, '-m', 'torch.distributed.run', '--standalone']
    environment = dict(PYTHONPATH=str(repo_root), OMP_NUM_THREADS='1')
    done = subprocess.run(
        [*command, '--nproc_per_node=2', script.__file__, str(folder)],
        env=os.environ | environment | dict(CUDA_VISIBLE_DEVICES=''),
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    for name in script.TWO_PROCESSES:
        assert_same(folder / name)
