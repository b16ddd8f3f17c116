"""`tools/train.py`: flags, errors, and going on where a training stopped."""

import importlib.util
import json

import pytest
import torch

from .conftest import REPO


def load_tool(name):
    spec = importlib.util.spec_from_file_location(name, REPO / f'tools/{name}.py')
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def logged(work_dir):
    """Learning rate and iteration of each logged step, in order."""
    text = max(work_dir.glob('*/vis_data/scalars.json')).read_text()
    steps = [json.loads(line) for line in text.splitlines()]
    return [(step['iter'], step['lr']) for step in steps if 'lr' in step]


def test_flags_of_mmdetection():
    parse_args = load_tool('train').parse_args
    args = parse_args(
        [
            'c.py',
            '--work-dir',
            'w',
            '--amp',
            '--auto-scale-lr',
            '--quiet',
            '--save-on-signal',
            '--resume',
            '--cfg-options',
            'a.b=1',
            'c=[1,2]',
            '--launcher',
            'pytorch',
            '--local-rank',
            '1',
        ]
    )
    assert args.config == 'c.py'
    assert args.work_dir == 'w'
    assert args.amp
    assert args.auto_scale_lr
    assert args.quiet
    assert args.save_on_signal
    assert args.resume == 'auto'
    assert args.cfg_options == {'a.b': 1, 'c': [1, 2]}
    assert args.launcher == 'pytorch'
    assert args.local_rank == 1
    assert parse_args(['c.py', '--resume', 'x.pth']).resume == 'x.pth'
    assert parse_args(['c.py']).resume is None


@pytest.mark.slow
def test_missing_config(run):
    code, text = run('tools/train.py', 'nowhere.py')
    assert code != 0
    assert 'Config file nowhere.py does not exist' in text


@pytest.mark.slow
def test_resume_continues_iteration_and_learning_rate(run, tiny_config, tmp_path):
    once, twice = tmp_path / 'once', tmp_path / 'twice'
    code, text = run('tools/train.py', tiny_config, '--work-dir', once)
    assert code == 0, text
    # Stopping means that the second epoch never came.
    code, text = run(
        'tools/train.py',
        tiny_config,
        '--work-dir',
        twice,
        '--cfg-options',
        'train_cfg.max_epochs=1',
    )
    assert code == 0, text
    assert logged(twice) == logged(once)[:4]
    code, text = run('tools/train.py', tiny_config, '--work-dir', twice, '--resume')
    assert code == 0, text
    assert 'resumed epoch: 1, iter: 4' in text
    assert logged(twice) == logged(once)[4:]
    assert [iteration for iteration, _ in logged(once)] == list(range(1, 9))
    states = [
        torch.load(folder / 'epoch_2.pth', weights_only=False)['optimizer']
        for folder in (once, twice)
    ]
    assert states[0]['param_groups'] == states[1]['param_groups']


@pytest.mark.slow
def test_mixed_precision_on_a_cpu(run, tiny_config, tmp_path):
    code, text = run(
        'tools/train.py',
        tiny_config,
        '--work-dir',
        tmp_path / 'w',
        '--amp',
        '--cfg-options',
        'train_cfg.max_epochs=1',
    )
    assert code == 0, text
    assert 'Skipped the optimizer step' not in text
    checkpoint = torch.load(tmp_path / 'w/epoch_1.pth', weights_only=False)
    assert all(
        value.isfinite().all() and value.dtype != torch.bfloat16
        for value in checkpoint['state_dict'].values()
    )


@pytest.mark.slow
def test_learning_rate_that_explodes_stops_with_a_sentence(run, tiny_config, tmp_path):
    code, text = run(
        'tools/train.py',
        tiny_config,
        '--work-dir',
        tmp_path / 'w',
        '--cfg-options',
        'optim_wrapper.optimizer.lr=1e30',
        'optim_wrapper.max_skipped_steps=3',
    )
    assert code != 0
    assert 'RuntimeError' in text.splitlines()[-1]
    assert 'lower optim_wrapper.optimizer.lr' in text
