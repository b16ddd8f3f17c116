"""Random numbers that depend on a place in the training."""

import pickle
import random

from epsnet_mm.datasets.samplers.seeds import SeededIndex, seed_random

import numpy as np
import pytest
import torch


def draws() -> tuple[float, float, float]:
    return random.random(), np.random.rand(), torch.rand(1).item()


@pytest.fixture(autouse=True)
def _restore_generators():
    yield
    random.seed(0)


def test_same_numbers_same_draws():
    seed_random(1, 2, 3)
    first = draws()
    seed_random(1, 2, 3)
    assert draws() == first


def test_neighbors_have_nothing_in_common():
    found = set()
    for numbers in [(0,), (1,), (0, 1), (1, 1), (0, 0, 1), (2**40, 1)]:
        seed_random(*numbers)
        found.update(draws())
    assert len(found) == 18


def test_index_is_an_int_that_takes_its_seed_along():
    index = SeededIndex(7, seed=3, position=40)
    index.seed_random()
    first = draws()
    copy = pickle.loads(pickle.dumps(index))
    assert copy == 7
    assert [*range(10)][copy] == 7
    copy.seed_random()
    assert draws() == first
    SeededIndex(7, seed=3, position=41).seed_random()
    assert draws() != first
