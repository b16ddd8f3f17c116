"""Loads checkpoints without running code that is hidden in them.

A `.pth` file is a pickle, and unpickling can call any function. PyTorch's
`weights_only` mode refuses that. MMEngine uses it in recent versions only, and falls
back to the unsafe mode where the safe one fails, that is, for a suspicious file. Here
the safe mode is the only one, and what was loaded is checked for damage.

Importing this module changes nothing. Each tool and API that lets MMEngine open
checkpoints calls `install_safe_load` first.
"""

import errno
import re
import struct
import traceback
from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError
from types import ModuleType
from typing import Any, BinaryIO
from urllib.parse import urlparse

import torch
from mmengine.runner import checkpoint as mmengine_checkpoint
from torch.hub import get_dir, load_state_dict_from_url

from .checkpoint_check import check_archive, check_checkpoint, name_of
from .safe_globals import allowed_globals

# What bytes that are no checkpoint make the unpickler raise. None of them says more
# than that the file is wrong.
_UNPICKLING_ERRORS = (
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OverflowError,
    TypeError,
    ValueError,
    struct.error,
)
# A RuntimeError that is about this machine, not the file.
_DEVICE_ERRORS = re.compile('deserialize object on|CUDA|driver|out of memory')


class _SafeTorch(ModuleType):
    """The module `torch` with another `load`."""

    def __init__(self) -> None:
        super().__init__('torch')
        self.load = load_weights_only

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)


def install_safe_load() -> None:
    """Make every checkpoint that MMEngine opens pass through this module.

    Runner, `init_detector`, inferencers and `init_cfg=Pretrained` all end in
    `mmengine.runner.checkpoint`, for each kind of path (local, http, torchvision://,
    open-mmlab://, ...). Whatever its version, that module calls `torch.load` for
    files and `load_url` for downloads. These two names are replaced there; other
    modules keep PyTorch's own `torch.load`. Registering a loader for each kind of
    path could miss one. A second call changes nothing.

    Raises:
        ImportError: If this MMEngine has no such names, because then the
            replacement would protect nothing.
    """
    replacements = dict(torch=_SafeTorch(), load_url=load_url_weights_only)
    for name, safe in replacements.items():
        if not hasattr(mmengine_checkpoint, name):
            raise ImportError(
                f'mmengine.runner.checkpoint.{name} is missing, so checkpoints '
                'cannot be loaded safely: install a version of MMEngine that '
                'epsnet_mm is tested with.'
            )
        setattr(mmengine_checkpoint, name, safe)


def load_weights_only(
    file: str | Path | BinaryIO,
    map_location: Any = None,
    weights_only: bool | None = None,
) -> Any:
    """Load a checkpoint that holds nothing but data.

    Args:
        file: Path or open binary file.
        map_location: As in `torch.load`.
        weights_only: Accepted for PyTorch's signature; only None and True,
            which mean the same here.

    Raises:
        ValueError: If `file` is no checkpoint, is damaged, or holds an object
            that is not plain data; see also `check_checkpoint`.
    """
    name = name_of(file)
    if weights_only is False:
        raise ValueError(
            f'Refused to load {name} with weights_only=False: it '
            'could run code; load it with weights_only=True.'
        )
    check_archive(file)
    checkpoint = _load_safely(
        name, lambda: torch.load(file, map_location=map_location, weights_only=True)
    )
    return _checked(checkpoint, name)


def load_url_weights_only(
    url: str,
    model_dir: str | None = None,
    file_name: str | None = None,
    **kwargs,
) -> Any:
    """Download (or find in the cache) a checkpoint and load it safely.

    Args:
        url: http(s) address.
        model_dir: Folder of the cache; PyTorch's own by default.
        file_name: Name in that folder; the one in `url` by default.
        **kwargs: For `torch.hub.load_state_dict_from_url`.

    Raises:
        ValueError: As `load_weights_only`.
    """
    # The cached file must be known to check it, so PyTorch's defaults are taken here.
    folder = Path(model_dir or Path(get_dir(), 'checkpoints'))
    file_name = file_name or Path(urlparse(url).path).name
    kwargs.update(model_dir=str(folder), file_name=file_name, weights_only=True)
    checkpoint = _load_safely(url, lambda: load_state_dict_from_url(url, **kwargs))
    check_archive(folder / file_name)
    return _checked(checkpoint, url)


def _load_safely(name: str, load: Callable[[], Any]) -> Any:
    """Call a loader of PyTorch, and say in one sentence what is wrong with a file.

    Args:
        name: Of the file, for the sentence.
        load: Calls PyTorch and nothing else.
    """
    with torch.serialization.safe_globals(allowed_globals()):
        try:
            return load()
        except UnpicklingError as error:
            forbidden = re.search(r'GLOBAL (\S+) was not an allowed global', str(error))
            if forbidden is None:
                raise ValueError(_not_a_checkpoint(name)) from error
            raise ValueError(
                f'{name} holds a Python object of type {forbidden.group(1)}, which '
                'could run code when loaded; save the file again with only its '
                "'state_dict' (tensors), or get it from another source."
            ) from error
        except RuntimeError as error:
            if 'TorchScript' in str(error):
                raise ValueError(
                    f'{name} is a TorchScript archive, which holds code; give a .pth '
                    'file written by training.'
                ) from error
            if _DEVICE_ERRORS.search(str(error)) or _comes_from_this_package(error):
                raise
            reason = str(error).partition('\n')[0].partition('. This is')[0]
            raise ValueError(_not_a_checkpoint(name, reason)) from error
        except (*_UNPICKLING_ERRORS, OSError) as error:
            # Damaged sizes lead to places beyond the file; all else is the disk's.
            if isinstance(error, OSError) and error.errno != errno.EINVAL:
                raise
            if _comes_from_this_package(error):
                raise
            raise ValueError(_not_a_checkpoint(name)) from error


def _comes_from_this_package(error: Exception) -> bool:
    """Whether a mistake of our own, not the file, has caused the error."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return Path(__file__).parents[1] in Path(last.filename).parents


def _not_a_checkpoint(name: str, reason: str = '') -> str:
    reason = f' ({reason})' if reason else ''
    return (
        f'{name} is not a PyTorch checkpoint or is damaged{reason}; give a .pth '
        'file written by training, or copy the file again.'
    )


def _checked(checkpoint: Any, name: str) -> Any:
    """Check what was loaded, and drop what `Runner.resume` would run as Python.

    That is `meta['config']` of old checkpoints. Recent ones keep their config under
    another key, as plain text.
    """
    check_checkpoint(checkpoint, name)
    if isinstance(checkpoint.get('meta'), dict):
        checkpoint['meta'].pop('config', None)
    return checkpoint
