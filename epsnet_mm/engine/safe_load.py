"""Loads checkpoints without running code that is hidden in them.

A `.pth` file is a pickle, and unpickling can call any function. PyTorch's
`weights_only` mode refuses that. MMEngine uses it, but falls back to the unsafe
mode where the safe one fails, that is, for a suspicious file. Here the safe mode
is the only one. It allows the few harmless types in MMEngine's own checkpoints.

Importing this module changes nothing. Each tool and API that lets MMEngine open
checkpoints calls `install_safe_load` first.
"""

import re
from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any, BinaryIO

import numpy as np
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import checkpoint as mmengine_checkpoint
from torch.hub import load_state_dict_from_url

_HISTORY_METHODS = ('min', 'max', 'mean', 'current')
_DTYPE_CODES = '?bhilqBHILQefdUS'


def install_safe_load() -> None:
    """Make every checkpoint that MMEngine opens pass through this module.

    Runner, `init_detector`, inferencers and `init_cfg=Pretrained` all end in
    two functions of `mmengine.runner.checkpoint`, for each kind of path (local,
    http, torchvision://, open-mmlab://, ...). Replacing these two therefore
    covers all of them; registering a loader for each kind could miss one.
    A second call changes nothing.

    Raises:
        ImportError: If this MMEngine has no such functions, because then the
            replacement would protect nothing.
    """
    for name, safe in (
        ('_safe_torch_load', load_weights_only),
        ('load_url', load_url_weights_only),
    ):
        if not hasattr(mmengine_checkpoint, name):
            raise ImportError(
                f'mmengine.runner.checkpoint.{name} is missing, so checkpoints'
                ' cannot be loaded safely; install the onedl-mmengine version '
                'that the constraints file pins.'
            )
        setattr(mmengine_checkpoint, name, safe)


def load_weights_only(
    file: str | BinaryIO, map_location: Any = None, weights_only: bool | None = None
) -> Any:
    """Load a checkpoint that holds nothing but data.

    Args:
        file: Path or open binary file.
        map_location: As in `torch.load`.
        weights_only: Accepted for MMEngine's signature; only None and True,
            which mean the same here.

    Raises:
        ValueError: If `file` is no checkpoint, is damaged, or holds an object
            that is not plain data.
    """
    if weights_only is False:
        raise ValueError(
            f'Refused to load {file} with weights_only=False: it '
            'could run code; load it with weights_only=True.'
        )
    return _load_safely(
        str(file),
        lambda: torch.load(file, map_location=map_location, weights_only=True),
    )


def load_url_weights_only(url: str, **kwargs) -> Any:
    """Download (or find in the cache) a checkpoint and load it safely.

    Args:
        url: http(s) address.
        **kwargs: For `torch.hub.load_state_dict_from_url`.

    Raises:
        ValueError: As `load_weights_only`.
    """
    kwargs['weights_only'] = True
    return _load_safely(url, lambda: load_state_dict_from_url(url, **kwargs))


def _load_safely(name: str, load: Callable[[], Any]) -> Any:
    try:
        with torch.serialization.safe_globals(_allowed_globals()):
            checkpoint = load()
    except UnpicklingError as error:
        forbidden = re.search(r'GLOBAL (\S+) was not an allowed global', str(error))
        if forbidden is None:
            raise ValueError(_not_a_checkpoint(name)) from error
        raise ValueError(
            f'{name} holds a Python object of type {forbidden.group(1)}, which '
            'could run code when loaded; save the file again with only its '
            "'state_dict' (tensors), or get it from another source."
        ) from error
    except (OSError, MemoryError):
        raise
    except Exception as error:
        # Bytes that are no pickle make the unpickler raise many errors (KeyError,
        # IndexError, struct.error, ...) that say nothing more. A RuntimeError is
        # informative, except for the one on a broken archive.
        if isinstance(error, RuntimeError) and 'PytorchStreamReader' not in str(error):
            raise
        raise ValueError(_not_a_checkpoint(name)) from error
    _drop_config_code(checkpoint)
    return checkpoint


def _not_a_checkpoint(name: str) -> str:
    return (
        f'{name} is not a PyTorch checkpoint or is damaged; give a .pth '
        'file written by training, or copy the file again.'
    )


def _drop_config_code(checkpoint: Any) -> None:
    """Remove `meta['config']`: `Runner.resume` would execute it as Python.

    Recent checkpoints keep their config under another key, as plain text.
    """
    if isinstance(checkpoint, dict) and isinstance(checkpoint.get('meta'), dict):
        checkpoint['meta'].pop('config', None)


def _history_method(owner: Any, name: str) -> Callable:
    """Stand-in for `getattr`, with which a HistoryBuffer names its methods."""
    if owner is not HistoryBuffer or name not in _HISTORY_METHODS:
        raise UnpicklingError(
            f'GLOBAL getattr({owner!r},{name!r}) was not an allowed global'
        )
    return getattr(HistoryBuffer, name)


def _allowed_globals() -> list[Any | tuple[Any, str]]:
    """Types in MMEngine's checkpoints beside tensors: those of logged numbers."""
    multiarray = getattr(np, '_core', None) or np.core
    multiarray = multiarray.multiarray
    numpy_functions = [
        # A file may have been written under numpy 1 or 2.
        (function, f'numpy.{core}.multiarray.{function.__name__}')
        for core in ('core', '_core')
        for function in (multiarray._reconstruct, multiarray.scalar)
    ]
    dtypes = {type(np.dtype(code)) for code in _DTYPE_CODES}
    return [
        HistoryBuffer,
        (_history_method, 'builtins.getattr'),
        slice,
        np.ndarray,
        np.dtype,
        *numpy_functions,
        *dtypes,
    ]
