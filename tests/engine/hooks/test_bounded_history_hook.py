"""The log is the same with and without the hook; the history has an end."""

import json
from pathlib import Path

from epsnet_mm.engine.hooks import BoundedHistoryHook

import pytest
from mmengine.hooks import Hook
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner

from ..tiny_runner import tiny_config

VALIDATION = 7


class KnownNumbers(Hook):
    """Replaces measured times by numbers that each run repeats."""

    priority = 'VERY_HIGH'

    def _after_iter(
        self, runner, batch_idx, data_batch=None, outputs=None, mode='train'
    ) -> None:
        for name, factor in (('time', 0.37), ('data_time', 0.11), ('mine', 0.73)):
            value = factor * (batch_idx + 1) ** 1.3
            runner.message_hub.update_scalar(f'{mode}/{name}', value)


def train(work_dir: Path, bounded: bool, **changes) -> Runner:
    entries = dict(
        default_hooks=dict(timer=None, logger=dict(type='LoggerHook', interval=1)),
        train_cfg=dict(by_epoch=True, max_epochs=3),
        log_processor=dict(window_size=4),
        randomness=dict(seed=0),
    )
    cfg = tiny_config(work_dir, images=VALIDATION, log_level='ERROR')
    runner = Runner.from_cfg(cfg | entries | changes)
    runner.register_hook(KnownNumbers())
    if bounded:
        runner.register_hook(BoundedHistoryHook())
    runner.train()
    runner.test()
    return runner


def logged(runner: Runner) -> list[dict]:
    path = Path(runner.log_dir) / 'vis_data' / f'{runner.timestamp}.json'
    lines = path.read_text(encoding='utf-8').splitlines()
    return [json.loads(line) for line in lines]


def custom(window) -> dict:
    entry = dict(data_src='mine', method_name='mean', log_name='own')
    return dict(window_size=4, custom_cfg=[dict(entry, window_size=window)])


@pytest.mark.parametrize('window', [None, 9, 'epoch', 'global'])
def test_logged_values_are_unchanged(tmp_path, window):
    changes = {} if window is None else dict(log_processor=custom(window))
    runs = [
        train(tmp_path / name, name == 'bounded', **changes)
        for name in ('bounded', 'usual')
    ]
    bounded, usual = map(logged, runs)
    # 3 epochs with 7 iterations and a validation each.
    assert len(usual) == 3 * (7 + 1)
    assert bounded == usual
    assert usual[7].keys() >= {'count', 'time', 'data_time'}


def test_history_has_an_end(tmp_path):
    scalars = train(tmp_path / 'w', bounded=True).message_hub.log_scalars
    lengths = {name: len(buffer.data[0]) for name, buffer in scalars.items()}
    assert {lengths[f'train/{key}'] for key in ('loss', 'lr', 'time', 'mine')} == {4}
    assert lengths['val/time'] == VALIDATION + 1
    usual = train(tmp_path / 'u', bounded=False).message_hub.log_scalars
    assert len(usual['train/loss'].data[0]) == 3 * 7


def test_history_of_the_whole_training_is_kept(tmp_path):
    runner = train(tmp_path / 'w', True, log_processor=custom('global'))
    scalars = runner.message_hub.log_scalars
    assert len(scalars['train/mine'].data[0]) == 3 * 7
    assert len(scalars['train/loss'].data[0]) == 4


def test_a_resumed_checkpoint_shrinks(tmp_path):
    class LongHistory(Hook):
        def before_save_checkpoint(self, runner, checkpoint) -> None:
            numbers = [0.5] * 100_000
            history = HistoryBuffer(numbers, [1] * len(numbers))
            checkpoint['message_hub']['log_scalars']['train/loss'] = history

    cfg = tiny_config(tmp_path / 'w', log_level='ERROR')
    runner = Runner.from_cfg(cfg)
    runner.register_hook(LongHistory())
    runner.train()
    runner = Runner.from_cfg(
        cfg
        | dict(
            train_cfg=dict(by_epoch=True, max_epochs=2),
            resume=True,
            experiment_name='resumed',
        )
    )
    runner.register_hook(BoundedHistoryHook())
    runner.train()
    sizes = [(tmp_path / f'w/epoch_{n}.pth').stat().st_size for n in (1, 2)]
    assert sizes[0] > 1_000_000
    assert sizes[1] < 50_000
