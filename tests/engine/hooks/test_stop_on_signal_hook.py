"""The end of a training in this process; `test_stopped_training.py` has others."""

import signal
from pathlib import Path

import pytest
from mmengine.hooks import Hook
from mmengine.registry import HOOKS
from mmengine.runner import Runner

from ..tiny_runner import tiny_config


@HOOKS.register_module(force=True)
class Terminator(Hook):
    """Sends SIGTERM twice, in the second iteration or in the validation."""

    def __init__(self, where: str) -> None:
        self._where = where

    def before_train_iter(self, runner, batch_idx, data_batch=None) -> None:
        if self._where == 'train' and batch_idx == 1:
            self._send()

    def before_val_iter(self, runner, batch_idx, data_batch=None) -> None:
        if self._where == 'val':
            self._send()

    @staticmethod
    def _send() -> None:
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)


@pytest.fixture(autouse=True)
def _restore_handler():
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def build(work_dir: Path, where: str, checkpoint: str = 'AtomicCheckpointHook', **hook):
    cfg = tiny_config(
        work_dir,
        images=3,
        custom_hooks=[
            dict(type='Terminator', where=where),
            dict(type='mmdet.StopOnSignalHook', **hook),
        ],
        default_hooks=dict(checkpoint=dict(type=checkpoint, interval=1)),
        default_scope='mmdet',
    )
    for key in ('model', 'val_evaluator', 'test_evaluator'):
        cfg[key]['type'] = f'mmengine.{cfg[key]["type"]}'
    for key in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
        dataset = dict(cfg[key]['dataset'], type='mmengine.Ones')
        cfg[key] = dict(cfg[key], dataset=dataset)
    cfg['custom_hooks'][0]['type'] = 'mmengine.Terminator'
    return Runner.from_cfg(cfg)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob('*.pth'))


@pytest.mark.parametrize(
    ('where', 'save', 'expected'),
    [
        ('train', True, ['iter_2.pth']),
        ('train', False, []),
        ('val', True, ['epoch_1.pth']),
    ],
)
def test_what_is_saved(tmp_path, where, save, expected):
    with pytest.raises(SystemExit) as stop:
        build(tmp_path / 'w', where, save=save).train()
    assert stop.value.code == 143
    assert names(tmp_path / 'w') == expected


def test_other_checkpoint_hooks_keep_to_their_schedule(tmp_path):
    with pytest.raises(SystemExit):
        build(tmp_path / 'w', 'train', checkpoint='CheckpointHook', save=True).train()
    assert names(tmp_path / 'w') == []


def test_without_a_signal_all_is_as_before(tmp_path):
    before = signal.getsignal(signal.SIGTERM)
    runner = build(tmp_path / 'w', 'nowhere', save=True)
    runner.train()
    assert names(tmp_path / 'w') == ['epoch_1.pth']
    assert signal.getsignal(signal.SIGTERM) is before
