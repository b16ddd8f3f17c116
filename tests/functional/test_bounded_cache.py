"""Caches that belong to an object."""

import copy
import gc
import pickle
import weakref

from epsnet_mm.functional import BoundedCache

import torch


def test_each_result_is_computed_once():
    calls = []
    cache = BoundedCache(lambda x: calls.append(x) or [x], max_results=2)

    assert cache(1) is cache(1)
    assert cache(2) == [2]
    assert calls == [1, 2]


def test_the_least_recently_used_result_goes():
    calls = []
    cache = BoundedCache(calls.append, max_results=2)

    for x in (1, 2, 1, 3, 1, 2):
        cache(x)

    # 3 takes the place of 2, which was used before 1.
    assert calls == [1, 2, 3, 2]


def test_results_are_freed_with_the_cache():
    cache = BoundedCache(torch.ones, max_results=2)
    result = weakref.ref(cache(3))
    assert result() is not None

    del cache
    gc.collect()

    assert result() is None


def test_copies_and_pickles_start_empty():
    cache = BoundedCache(torch.ones, max_results=2)
    result = cache(3)

    for other in (copy.deepcopy(cache), pickle.loads(pickle.dumps(cache))):
        assert other(3).equal(result)
        assert other(3) is not result
        assert other(3) is other(3)
