"""A training step on a GPU: golden losses, and finite steps in mixed precision."""

import json

import pytest
import torch
from mmengine.optim import build_optim_wrapper
from release_network import GOLDEN_LOSSES, training_data

pytestmark = pytest.mark.cuda
GOLDEN = json.loads(GOLDEN_LOSSES.read_text())['losses']
# The loss scale starts too high and halves at each step that overflows.
MOST_STEPS = 20


def losses_of(model):
    data = model.data_preprocessor(training_data(), training=True)
    return {name: x.item() for name, x in model(**data, mode='loss').items()}


@torch.no_grad()
def test_losses(release_model):
    assert losses_of(release_model.train()) == pytest.approx(GOLDEN, rel=1e-3)


@torch.no_grad()
@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16], ids=str)
def test_losses_in_half_precision(release_model, device, dtype):
    with torch.autocast(device, dtype):
        found = losses_of(release_model.train())

    assert found == pytest.approx(GOLDEN, rel=0.05)


def test_steps_in_mixed_precision(release_model):
    model = release_model.train()
    before = {name: x.clone() for name, x in model.named_parameters()}
    wrapper = build_optim_wrapper(
        model,
        dict(type='FiniteAmpOptimWrapper', optimizer=dict(type='SGD', lr=1e-5)),
    )

    moved = set()
    for _ in range(MOST_STEPS):
        losses = model.train_step(training_data(), wrapper)
        assert all(x.isfinite() for x in losses.values())
        moved = {k for k, x in model.named_parameters() if not x.equal(before[k])}
        if moved:
            break

    parts = {name.partition('.')[0] for name in moved}
    assert parts >= {'backbone', 'neck', 'bbox_head', 'semantic_head'}
    assert all(x.isfinite().all() for x in model.parameters())
