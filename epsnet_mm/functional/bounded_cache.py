"""A cache that belongs to one object, not to a module."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any


class BoundedCache:
    """Calls a function, and remembers the results of the latest arguments.

    For tensors that depend on sizes only. Unlike `functools.lru_cache` as a
    decorator, the tensors are freed together with the object that owns the cache.
    A copy of it, and one that is loaded from a file, starts empty.

    Args:
        function: What computes a result from hashable arguments.
        max_results: Number of results to keep; the least recently used one goes.
    """

    def __init__(self, function: Callable, max_results: int) -> None:
        self.function = function
        self.max_results = max_results
        self._cached = lru_cache(max_results)(function)

    def __call__(self, *args: Hashable) -> Any:
        return self._cached(*args)

    def __reduce__(self) -> tuple:
        return type(self), (self.function, self.max_results)
