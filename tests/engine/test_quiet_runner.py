"""What a run shows on the console, and what it writes to its log file."""

import logging
from pathlib import Path

from epsnet_mm.engine.quiet_runner import QuietRunner

import pytest
from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.logging import print_log

from .tiny_runner import tiny_config


@HOOKS.register_module(force=True)
class NoisyHook(Hook):
    def before_train(self, runner) -> None:
        print_log('a remark', 'current')
        print_log('FileClient will be deprecated in future', 'current', logging.WARNING)
        print_log('a real warning', 'current', logging.WARNING)
        print_log('a real error', 'current', logging.ERROR)


class FailingHook(Hook):
    def after_train_iter(self, runner, **kwargs) -> None:
        raise RuntimeError('the training failed')


def log_of(runner) -> str:
    return Path(runner.logger.log_file).read_text(encoding='utf-8')


def test_training_shows_its_log_a_bar_and_metrics(tmp_path, capsys):
    cfg = tiny_config(
        tmp_path / 'w', images=6, custom_hooks=[dict(type='mmdet.NoisyHook')]
    )
    runner = QuietRunner.from_cfg(cfg)
    runner.train()
    printed = capsys.readouterr()
    assert printed.out == f'Log file: {runner.logger.log_file}\n'
    assert 'Training' in printed.err
    assert '6/6 100 %' in printed.err
    assert 'Iteration 6' in printed.err
    assert '│ count │     6 │' in printed.err
    assert 'a real warning' in printed.err
    assert 'a real error' in printed.err
    assert 'a remark' not in printed.err
    assert 'deprecated' not in printed.err
    log = log_of(runner)
    for text in (
        'System environment',
        'Config:',
        'Hooks will be executed',
        'a remark',
        'FileClient will be deprecated',
        'a real error',
        'printed by a library',
        'Epoch(train)',
    ):
        assert text in log, text


def test_test_shows_metrics_on_stdout(tmp_path, capsys):
    runner = QuietRunner.from_cfg(tiny_config(tmp_path / 'w', images=3))
    runner.test()
    printed = capsys.readouterr()
    assert '│ count │     3 │' in printed.out
    assert 'printed by a library' not in printed.out
    assert 'Testing' in printed.err
    assert '3/3 100 %' in printed.err


def test_failure_leaves_the_console_as_it_was(tmp_path, capsys):
    runner = QuietRunner.from_cfg(tiny_config(tmp_path / 'w'))
    runner.register_hook(FailingHook())
    with pytest.raises(RuntimeError, match='the training failed'):
        runner.train()
    print('the console works')
    printed = capsys.readouterr()
    assert printed.out.endswith('the console works\n')
    assert 'Training' in printed.err
