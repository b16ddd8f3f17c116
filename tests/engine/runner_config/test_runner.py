"""The Runner that a command line asks for."""

from types import SimpleNamespace

from epsnet_mm.engine import runner_config
from epsnet_mm.engine.runner_config import runner as module

import pytest
from mmengine.config import Config
from mmengine.registry import RUNNERS


@pytest.fixture
def built(monkeypatch):
    """Runner classes that only tell their name."""
    for name in ('Runner', 'QuietRunner'):
        stand_in = SimpleNamespace(from_cfg=lambda cfg, name=name: name)
        monkeypatch.setattr(module, name, stand_in)
    monkeypatch.setattr(RUNNERS, 'build', lambda cfg: cfg.runner_type)


@pytest.mark.parametrize(
    ('cfg', 'quiet', 'expected'),
    [
        ({}, False, 'Runner'),
        ({}, True, 'QuietRunner'),
        ({'runner_type': 'MyRunner'}, False, 'MyRunner'),
    ],
)
def test_class_of_the_runner(built, cfg, quiet, expected):
    assert runner_config.build_runner(Config(cfg), quiet) == expected


def test_quiet_and_another_runner():
    with pytest.raises(ValueError, match='has runner_type=MyRunner; leave out one'):
        runner_config.build_runner(Config(dict(runner_type='MyRunner')), quiet=True)
