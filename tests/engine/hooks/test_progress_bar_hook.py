"""The bar's numbers; `test_quiet_runner.py` looks at the whole console."""

from epsnet_mm.engine.hooks import ProgressBarHook
from epsnet_mm.engine.hooks import progress_bar_hook as module

import pytest
from mmengine.hooks import Hook
from mmengine.runner import Runner
from rich.progress import Progress

from ..tiny_runner import tiny_config


class StopEarly(Hook):
    def after_train_iter(self, runner, batch_idx, **kwargs) -> None:
        if runner.iter == 2:
            runner.train_loop.stop_training = True


def build(tmp_path, *hooks, **changes) -> Runner:
    cfg = tiny_config(tmp_path / 'w', images=4, log_level='ERROR', **changes)
    runner = Runner.from_cfg(cfg)
    for hook in (ProgressBarHook(), *hooks):
        runner.register_hook(hook)
    return runner


def test_resumed_training_begins_where_it_stopped(tmp_path, capsys, monkeypatch):
    added = []
    add_task = Progress.add_task
    monkeypatch.setattr(
        Progress,
        'add_task',
        lambda self, title, **numbers: (
            added.append((title, numbers)) or add_task(self, title, **numbers)
        ),
    )
    build(tmp_path, val_cfg=None, val_dataloader=None, val_evaluator=None).train()
    epochs = dict(by_epoch=True, max_epochs=2)
    build(tmp_path, train_cfg=epochs, resume=True).train()
    assert added == [
        ('Training', dict(total=4, completed=0)),
        ('Training', dict(total=8, completed=4)),
        ('Validating', dict(total=4)),
    ]
    assert '8/8 100 %' in capsys.readouterr().err


def test_training_that_stops_early_ends_full(tmp_path, capsys):
    iterations = dict(type='IterBasedTrainLoop', max_iters=9, val_interval=9)
    build(tmp_path, StopEarly(), train_cfg=iterations).train()
    assert '3/3 100 %' in capsys.readouterr().err


def test_other_processes_show_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(module, 'is_main_process', lambda: False)
    runner = build(tmp_path)
    runner.train()
    runner.test()
    printed = capsys.readouterr()
    assert 'Training' not in printed.err
    assert 'count' not in printed.out + printed.err


@pytest.mark.parametrize('method', ['val', 'test'])
def test_evaluation_alone(tmp_path, capsys, method):
    getattr(build(tmp_path), method)()
    printed = capsys.readouterr()
    assert '│ count │     4 │' in (printed.err if method == 'val' else printed.out)
    assert 'Iteration' not in printed.err
