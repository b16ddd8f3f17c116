"""The folded copy computes the same, and only for the test."""

from types import SimpleNamespace

from epsnet_mm.engine.hooks import FuseConvBNHook

import torch
from mmengine.model import MMDistributedDataParallel
from torch import nn


def network() -> nn.Module:
    """Two blocks, one inside the other, with statistics that matter."""
    inner = nn.Sequential(nn.Conv2d(4, 5, 1), nn.BatchNorm2d(5), nn.ReLU())
    model = nn.Sequential(
        nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), inner
    ).eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor in (
                module.running_mean,
                module.running_var,
                module.weight,
                module.bias,
            ):
                nn.init.uniform_(tensor, 0.5, 2)
    return model


def norms(model):
    return [x for x in model.modules() if isinstance(x, nn.BatchNorm2d)]


@torch.no_grad()
def test_same_outputs_without_normalization():
    model, image = network(), torch.randn(1, 3, 8, 8)
    expected = model(image)
    runner, hook = SimpleNamespace(model=model), FuseConvBNHook()

    hook.before_test_epoch(runner)

    assert not norms(runner.model)
    torch.testing.assert_close(runner.model(image), expected)


@torch.no_grad()
def test_the_model_itself_is_left_alone():
    model, image = network(), torch.randn(1, 3, 8, 8)
    expected = model(image)
    runner, hook = SimpleNamespace(model=model), FuseConvBNHook()

    hook.before_test_epoch(runner)
    hook.after_test_epoch(runner, metrics={})

    assert runner.model is model
    assert len(norms(model)) == 2
    assert model(image).equal(expected)


def test_data_parallelism_is_taken_off():
    wrapper = MMDistributedDataParallel.__new__(MMDistributedDataParallel)
    wrapper.__dict__.update(_modules={}, module=network())
    runner = SimpleNamespace(model=wrapper)

    FuseConvBNHook().before_test_epoch(runner)

    assert isinstance(runner.model, nn.Sequential)
    assert not norms(runner.model)
