"""Epochs that go on in the middle; `test_resumed_training.py` compares weights."""

from pathlib import Path

import pytest
from mmengine.hooks import Hook
from mmengine.registry import HOOKS
from mmengine.runner import Runner

from ..tiny_runner import tiny_config


@HOOKS.register_module(force=True)
class Calls(Hook):
    """Notes epochs and batches."""

    def __init__(self) -> None:
        self.calls = []

    def before_train_epoch(self, runner) -> None:
        self.calls.append(f'epoch {runner.epoch}')

    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        self.calls.append((batch_idx, runner.iter))

    def after_train_epoch(self, runner) -> None:
        self.calls.append('end')


def train(
    work_dir: Path,
    resume: str | None = None,
    images: int = 3,
    by_epoch: bool = False,
    sampler: str = 'mmdet.ResumableSampler',
) -> list:
    """Two epochs of three batches, with a checkpoint after each.

    Returns:
        What `Calls` has noted.
    """
    cfg = tiny_config(
        work_dir,
        images=images,
        train_cfg=dict(type='mmdet.ResumableEpochBasedTrainLoop', max_epochs=2),
        custom_hooks=[dict(type='Calls')],
        default_hooks=dict(
            checkpoint=dict(type='CheckpointHook', by_epoch=by_epoch, interval=1)
        ),
        load_from=resume and str(work_dir / resume),
        resume=resume is not None,
    )
    loader = dict(cfg['train_dataloader'], sampler=dict(type=sampler))
    cfg['train_dataloader'] = loader
    cfg['experiment_name'] += f'_{resume}_{images}'
    runner = Runner.from_cfg(cfg)
    runner.train()
    (calls,) = (hook.calls for hook in runner.hooks if isinstance(hook, Calls))
    return calls


FIRST = ['epoch 0', (0, 0), (1, 1), (2, 2), 'end']
SECOND = ['epoch 1', (0, 3), (1, 4), (2, 5), 'end']


@pytest.fixture
def trained(tmp_path) -> Path:
    assert train(tmp_path / 'w') == FIRST + SECOND
    return tmp_path / 'w'


@pytest.mark.parametrize(
    ('checkpoint', 'expected'),
    [
        ('iter_1.pth', ['epoch 0', (1, 1), (2, 2), 'end', *SECOND]),
        # All batches were seen, but the epoch was not ended.
        ('iter_3.pth', ['epoch 0', 'end', *SECOND]),
        ('iter_5.pth', ['epoch 1', (2, 5), 'end']),
    ],
)
def test_goes_on_in_the_middle(trained, checkpoint, expected):
    assert train(trained, checkpoint) == expected


def test_end_of_an_epoch(tmp_path):
    assert train(tmp_path / 'w', by_epoch=True) == FIRST + SECOND
    assert train(tmp_path / 'w', 'epoch_1.pth', by_epoch=True) == SECOND


def test_other_sampler(trained):
    with pytest.raises(ValueError, match=r'type=ResumableSampler, or resume from'):
        train(trained, 'iter_1.pth', sampler='DefaultSampler')


def test_shorter_epoch(trained):
    with pytest.raises(ValueError, match=r'has seen 2 batches .* which has 1 now'):
        train(trained, 'iter_2.pth', images=1)
