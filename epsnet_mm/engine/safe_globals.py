"""Types in MMEngine's checkpoints beside tensors: those of logged numbers."""

from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any

import numpy as np
from mmengine.logging import HistoryBuffer

_HISTORY_METHODS = ('min', 'max', 'mean', 'current')
_DTYPE_CODES = '?bhilqBHILQefdUS'


def allowed_globals() -> list[Any | tuple[Any, str]]:
    """What `torch.serialization.safe_globals` takes, for NumPy 1 and 2 alike."""
    # Asking the objects themselves needs none of NumPy's private modules, which have
    # other names in each version. A file may have been written under either.
    functions = {
        '_reconstruct': np.empty(0).__reduce__()[0],
        'scalar': np.float64(0).__reduce__()[0],
    }
    numpy_functions = [
        (function, f'numpy.{core}.multiarray.{name}')
        for core in ('core', '_core')
        for name, function in functions.items()
    ]
    return [
        HistoryBuffer,
        (_history_method, 'builtins.getattr'),
        slice,
        np.ndarray,
        np.dtype,
        *numpy_functions,
        *{type(np.dtype(code)) for code in _DTYPE_CODES},
    ]


def _history_method(owner: Any, name: str) -> Callable:
    """Stand-in for `getattr`, with which a HistoryBuffer names its methods."""
    if owner is not HistoryBuffer or name not in _HISTORY_METHODS:
        raise UnpicklingError('GLOBAL builtins.getattr was not an allowed global')
    return getattr(HistoryBuffer, name)
