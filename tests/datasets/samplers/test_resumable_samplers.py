"""Samplers that start late, against the ones of MMEngine."""

from itertools import islice

from epsnet_mm.datasets.samplers import (
    ResumableInfiniteSampler,
    ResumableSampler,
    resumable_infinite_sampler,
    resumable_sampler,
)

import mmengine.dataset.sampler as upstream
import pytest
from mmengine.dataset import DefaultSampler, InfiniteSampler

DATA = range(7)


@pytest.fixture
def rank(monkeypatch):
    """`rank(number, processes)`: what samplers take themselves for."""

    def install(number: int, processes: int) -> None:
        monkeypatch.setattr(upstream, 'get_dist_info', lambda: (number, processes))

    return install


def places(indices) -> list[tuple]:
    return [index.__getnewargs__() for index in indices]


@pytest.mark.parametrize('processes', [1, 2])
def test_epochs_have_the_order_of_mmengine(rank, processes):
    positions = []
    for number in range(processes):
        rank(number, processes)
        ours = ResumableSampler(dataset=DATA, seed=3)
        theirs = DefaultSampler(DATA, seed=3)
        for epoch in range(3):
            ours.set_epoch(epoch)
            theirs.set_epoch(epoch)
            found = list(ours)
            assert found == list(theirs)
            assert len(ours) == len(found)
            positions += [position for _, _, position in places(found)]
    # Each sample of each epoch has a seed of its own.
    assert sorted(positions) == list(range(len(positions)))


@pytest.mark.parametrize('processes', [1, 2])
def test_stream_has_the_order_of_mmengine(rank, processes):
    positions = []
    for number in range(processes):
        rank(number, processes)
        ours = ResumableInfiniteSampler(dataset=DATA, seed=3)
        found = list(islice(ours, 20))
        assert found == list(islice(InfiniteSampler(DATA, seed=3), 20))
        positions += [position for _, _, position in places(found)]
    assert sorted(positions) == list(range(len(positions)))


def test_late_start_of_an_epoch():
    sampler = ResumableSampler(dataset=DATA, seed=3)
    sampler.set_epoch(2)
    whole = list(sampler)
    sampler.start_at(5)
    assert places(sampler) == places(whole)[5:]
    # The next epoch is whole again.
    assert places(sampler) == places(whole)


def test_late_start_of_the_stream():
    whole = list(islice(ResumableInfiniteSampler(dataset=DATA, seed=3), 30))
    late = ResumableInfiniteSampler(dataset=DATA, seed=3)
    late.skip(11)
    assert places(islice(late, 19)) == places(whole)[11:]


@pytest.mark.parametrize('kind', [ResumableSampler, ResumableInfiniteSampler])
def test_seed_that_is_set_later(kind):
    """As `IterationSeedHook` does when a training is resumed."""
    late, early = kind(dataset=DATA, seed=1), kind(dataset=DATA, seed=2)
    late.seed = 2
    assert places(islice(late, 7)) == places(islice(early, 7))


def test_registered():
    for module in (resumable_sampler, resumable_infinite_sampler):
        name = module.__name__.rsplit('.', 1)[1].title().replace('_', '')
        assert module.DATA_SAMPLERS.get(name) is getattr(module, name)
