"""Seeds by iteration; `test_resumed_training.py` tests them in a training."""

from types import SimpleNamespace

from epsnet_mm.engine.hooks import IterationSeedHook

import pytest
import torch
from mmengine.logging import MessageHub


@pytest.fixture
def runner():
    return SimpleNamespace(
        train_dataloader=SimpleNamespace(sampler=SimpleNamespace(seed=5)),
        message_hub=MessageHub('test_iteration_seed_hook'),
        seed=0,
        iter=0,
        rank=0,
    )


def drawn(runner, **place) -> float:
    for key, value in place.items():
        setattr(runner, key, value)
    hook = IterationSeedHook()
    hook.before_train(runner)
    hook.before_train_iter(runner, batch_idx=0)
    return torch.rand(1).item()


def test_depends_on_iteration_process_and_seed(runner):
    first = drawn(runner)
    assert drawn(runner) == first
    others = [drawn(runner, iter=1), drawn(runner, rank=1)]
    runner.message_hub.update_info('data_seed', 6)
    others.append(drawn(runner))
    assert len({first, *others}) == 4


def test_checkpoint_has_the_seed_of_the_data(runner):
    hook = IterationSeedHook()
    hook.before_train(runner)
    state = runner.message_hub.state_dict()
    assert state['runtime_info']['data_seed'] == 5
    # Another start drew another seed, and then resumed.
    runner.train_dataloader.sampler.seed = 99
    runner.message_hub.load_state_dict(state)
    hook.before_train(runner)
    assert runner.train_dataloader.sampler.seed == 5
