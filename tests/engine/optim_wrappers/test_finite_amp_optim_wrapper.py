"""Mixed precision with loss scaling, which upstream offers on a GPU only.

The scaler works on a CPU as well, so the rule is tested there, on a wrapper
that upstream's check for a GPU has been kept from.
"""

from epsnet_mm.engine.optim_wrappers import (
    FiniteAmpOptimWrapper,
    finite_amp_optim_wrapper,
)
from tests.requirements import needs_no_gpu

import pytest
import torch
from mmengine.optim.optimizer import amp_optimizer_wrapper
from torch import nn
from torch.amp import GradScaler


@needs_no_gpu
def test_without_a_gpu_it_says_what_to_do():
    optimizer = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=0.5)

    with pytest.raises(ValueError, match=r'needs a GPU, .* add --amp'):
        FiniteAmpOptimWrapper(optimizer=optimizer)


@pytest.fixture
def build(monkeypatch):
    monkeypatch.setattr(finite_amp_optim_wrapper, 'get_device', lambda: 'cuda')
    monkeypatch.setattr(amp_optimizer_wrapper, 'is_cuda_available', lambda: True)
    monkeypatch.setattr(
        amp_optimizer_wrapper,
        'GradScaler',
        lambda **kwargs: GradScaler(device='cpu', **kwargs),
    )

    def _build(model, **kwargs):
        return FiniteAmpOptimWrapper(
            optimizer=torch.optim.SGD(model.parameters(), lr=0.5),
            loss_scale=dict(init_scale=8.0),
            **kwargs,
        )

    return _build


def one_weight():
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 1.0)
    return model


def test_other_faults_keep_their_own_words(build):
    with pytest.raises(AssertionError, match='dtype should be any of'):
        build(one_weight(), dtype='float20')


@pytest.mark.parametrize('clip_grad', [None, dict(max_norm=100.0)])
def test_finite_step_is_unscaled(build, clip_grad):
    model = one_weight()
    build(model, clip_grad=clip_grad).update_params(3 * model.weight.sum())
    assert model.weight.item() == pytest.approx(1 - 0.5 * 3)


def test_overflow_is_skipped_and_halves_the_scale(build):
    model = one_weight()
    wrapper = build(model)
    wrapper.update_params(float('inf') * model.weight.sum())
    assert model.weight.item() == 1
    assert wrapper.loss_scaler.get_scale() == 4
    wrapper.update_params(1 * model.weight.sum())
    assert model.weight.item() == 0.5


def test_infinite_loss_with_finite_gradient_keeps_the_scale(build):
    model = one_weight()
    wrapper = build(model)
    wrapper.update_params(model.weight.sum() + float('inf'))
    assert model.weight.item() == 1
    assert wrapper.loss_scaler.get_scale() == 8
