"""Options of a training."""

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
