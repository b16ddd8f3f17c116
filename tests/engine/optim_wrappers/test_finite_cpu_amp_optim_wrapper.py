"""Mixed precision on a CPU: bfloat16 forward, float32 weights."""

from epsnet_mm.engine.optim_wrappers import FiniteCpuAmpOptimWrapper

import torch
from torch import nn


def build(model):
    return FiniteCpuAmpOptimWrapper(
        optimizer=torch.optim.SGD(model.parameters(), lr=0.5)
    )


def test_forward_is_bfloat16_and_weights_stay_float32():
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 1.0)
    wrapper = build(model)
    with wrapper.optim_context(model):
        output = model(torch.full((1, 1), 3.0))
    assert output.dtype == torch.bfloat16
    wrapper.update_params(output.sum())
    assert model.weight.dtype == torch.float32
    assert model.weight.item() == 1 - 0.5 * 3


def test_bad_step_is_skipped():
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 1.0)
    wrapper = build(model)
    with wrapper.optim_context(model):
        output = model(torch.full((1, 1), float('inf')))
    wrapper.update_params(output.sum())
    assert model.weight.item() == 1


def test_state_of_a_gpu_training_loads():
    wrapper = build(nn.Linear(1, 1))
    state = wrapper.state_dict()
    state['loss_scaler'] = dict(scale=65536.0)
    wrapper.load_state_dict(state)
