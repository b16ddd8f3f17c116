"""Steps with a non-finite loss or gradient leave the weights alone."""

import copy
from datetime import timedelta

from epsnet_mm.engine.optim_wrappers import FiniteOptimWrapper, finite_step

import pytest
import torch
import torch.distributed as torch_dist
import torch.multiprocessing as mp
from mmdet.registry import OPTIM_WRAPPERS
from torch import nn
from torch.nn.parallel import DistributedDataParallel

NAN, INF = float('nan'), float('inf')


def build(model, **kwargs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    return FiniteOptimWrapper(optimizer=optimizer, **kwargs)


def one_weight(value=1.0):
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, value)
    return model


def test_finite_step_is_the_parents():
    model = one_weight()
    build(model).update_params(3 * model.weight.sum())
    assert model.weight.item() == 1 - 0.5 * 3


@pytest.mark.parametrize('factor', [NAN, INF, -INF])
def test_bad_loss_leaves_weights_and_momentum(factor):
    model = one_weight()
    wrapper = build(model)
    wrapper.update_params(factor * model.weight.sum())
    assert model.weight.item() == 1
    assert not wrapper.optimizer.state
    assert model.weight.grad is None


def test_infinite_loss_with_finite_gradient_is_skipped():
    model = one_weight()
    build(model).update_params(model.weight.sum() + INF)
    assert model.weight.item() == 1


def test_infinite_gradient_of_finite_loss_is_skipped():
    model = one_weight(0.0)
    build(model).update_params(model.weight.sum().sqrt())  # d sqrt(0) = inf
    assert model.weight.item() == 0


def test_finite_gradients_whose_squares_overflow_are_no_reason_to_skip():
    model = one_weight(0.0)
    build(model).update_params(1e30 * model.weight.sum())
    assert model.weight.item() == pytest.approx(-0.5 * 1e30)


def test_training_goes_on_after_a_skip():
    model = one_weight()
    wrapper = build(model)
    wrapper.update_params(NAN * model.weight.sum())
    wrapper.update_params(1 * model.weight.sum())
    assert model.weight.item() == 0.5


def test_clipping_still_works():
    model = one_weight()
    build(model, clip_grad=dict(max_norm=1.0)).update_params(8 * model.weight.sum())
    assert model.weight.item() == pytest.approx(0.5)


def test_bad_iteration_discards_the_accumulated_step():
    model = one_weight()
    wrapper = build(model, accumulative_counts=2)
    for factor in (INF, 1.0):
        wrapper.update_params(model.weight.sum() * 1 + (factor - 1))
    assert model.weight.item() == 1
    for factor in (1.0, 3.0):
        wrapper.update_params(factor * model.weight.sum())
    assert model.weight.item() == 1 - 0.5 * (1 + 3) / 2


def test_stops_after_too_many_skips_and_names_the_culprit():
    model = nn.Sequential(one_weight(), one_weight())
    wrapper = build(model, max_skipped_steps=3)
    wrapper.initialize_count_status(model, init_counts=100, max_counts=200)
    for _ in range(2):
        wrapper.update_params(NAN * model[1].weight.sum())
    with pytest.raises(RuntimeError) as error:
        wrapper.update_params(NAN * model[1].weight.sum())
    assert 'at iteration 103' in str(error.value)
    assert 'gradient in 1.weight' in str(error.value)
    assert 'lower optim_wrapper.optimizer.lr' in str(error.value)


def test_spoilt_statistics_stop_at_once():
    model = nn.Sequential(one_weight(), nn.BatchNorm1d(1))
    wrapper = build(model)
    wrapper.initialize_count_status(model, init_counts=0, max_counts=9)
    with pytest.raises(RuntimeError, match=r'1.running_mean of the model'):
        wrapper.update_params(model(torch.tensor([[NAN], [1.0]])).sum())
    assert model[0].weight.item() == 1


def test_only_consecutive_skips_count():
    model = one_weight()
    wrapper = build(model, max_skipped_steps=2)
    for factor in (NAN, 0.0, NAN, 0.0, NAN):
        wrapper.update_params(factor * model.weight.sum())


def test_warning_says_iteration_and_cause(monkeypatch):
    warnings = []
    monkeypatch.setattr(
        finite_step, 'print_log', lambda text, **kwargs: warnings.append(text)
    )
    model = one_weight()
    wrapper = build(model)
    wrapper.initialize_count_status(model, init_counts=6, max_counts=9)
    wrapper.update_params(NAN * model.weight.sum())
    assert warnings == [
        'Skipped the optimizer step at iteration 7 (the loss is not finite, '
        'non-finite gradient in weight); the weights are unchanged. 1 skipped '
        'in a row, training stops at 20.'
    ]


def test_max_skipped_steps_must_be_positive():
    with pytest.raises(ValueError, match='max_skipped_steps'):
        build(one_weight(), max_skipped_steps=0)


@pytest.mark.parametrize(
    'name', ['FiniteOptimWrapper', 'FiniteAmpOptimWrapper', 'FiniteCpuAmpOptimWrapper']
)
def test_registered(name):
    assert OPTIM_WRAPPERS.get(name).__name__ == name


def _weights_after_bad_and_good_step(rank):
    model = DistributedDataParallel(one_weight())
    wrapper = build(model, accumulative_counts=1)
    # Only process 1 has a bad loss, with a finite gradient at that.
    bad = torch.tensor(INF if rank == 1 else 0.0)
    wrapper.update_params(model(torch.ones(1, 1)).sum() + bad)
    skipped = model.module.weight.item()
    wrapper.update_params(model(torch.ones(1, 1)).sum())
    return skipped, model.module.weight.item()


def _two_processes(rank, folder):
    torch_dist.init_process_group(
        'gloo',
        init_method=f'file://{folder}/init',
        rank=rank,
        world_size=2,
        timeout=timedelta(seconds=60),
    )
    # The model must go before the process group. A model that holds the group's
    # last reference joins gloo's thread under the lock of the interpreter, which
    # that thread may be waiting for in turn, to drop the last gradients.
    weights = _weights_after_bad_and_good_step(rank)
    torch.save(weights, f'{folder}/{rank}')
    torch_dist.destroy_process_group()


@pytest.mark.slow
def test_processes_skip_together(tmp_path):
    mp.spawn(_two_processes, (str(tmp_path),), nprocs=2)
    for rank in range(2):
        assert torch.load(tmp_path / str(rank)) == (1.0, 0.5)


def test_state_dict_is_the_parents():
    model = one_weight()
    wrapper = build(model)
    wrapper.update_params(model.weight.sum())
    state = copy.deepcopy(wrapper.state_dict())
    other = build(one_weight())
    other.load_state_dict(state)
    assert other.state_dict()['param_groups'] == state['param_groups']
