"""Lets MMDetection's models import where mmcv was built without its ops.

`mmdet.models` imports every op of mmcv. The import fails if mmcv has no compiled
extension, although EPSNet without deformable convolutions needs no op. A stand-in for
the extension makes the import work. An op then fails when it is called, not before.
"""

import importlib
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType

_EXTENSION = 'mmcv._ext'

#: Functions that describe the build and compute nothing. Printing the environment
#: calls them and must not fail.
_BUILD_INFO = ('get_compiler_version', 'get_compiling_cuda_version')


class _MissingOps(ModuleType):
    """A stand-in for mmcv's compiled extension."""

    def __init__(self) -> None:
        super().__init__(_EXTENSION)
        # `importlib.util.find_spec`, which MMEngine calls, refuses a module in
        # `sys.modules` that has no spec.
        self.__spec__ = ModuleSpec(_EXTENSION, loader=None)

    def __getattr__(self, name: str) -> Callable:
        if name.startswith('__'):
            # Python asks for these to find out what the module can do.
            raise AttributeError(f'module {_EXTENSION!r} has no attribute {name!r}')
        if name in _BUILD_INFO:
            return lambda: 'n/a'

        def missing_op(*args, **kwargs):
            raise RuntimeError(
                f'mmcv was installed without compiled ops, so `{name}` cannot run: '
                'run `make ops` (compiles once), or use a config without this op'
            )

        return missing_op


def has_mmcv_ops() -> bool:
    """Whether mmcv's compiled ops can run.

    Raises:
        ImportError: If mmcv is missing, or has compiled ops that do not load.
    """
    if isinstance(sys.modules.get(_EXTENSION), _MissingOps):
        return False
    # The extension is linked against libraries that only torch loads.
    importlib.import_module('torch')
    try:
        importlib.import_module(_EXTENSION)
    except ModuleNotFoundError as error:
        if error.name == _EXTENSION:
            return False
        raise
    except ImportError as error:
        raise ImportError(
            f"mmcv's compiled ops do not load ({error}): they were compiled for "
            'another version of torch or Python; run `make ops` to compile them for '
            'this one'
        ) from error
    return True


def ensure_mmcv_ops() -> None:
    """Make `import mmcv.ops` work, with or without compiled ops.

    A compiled extension is never replaced. Where there is none, each op raises a
    RuntimeError that names it and the remedies when it is called.

    Raises:
        ImportError: If mmcv is missing, or has compiled ops that do not load.
    """
    if not has_mmcv_ops():
        sys.modules.setdefault(_EXTENSION, _MissingOps())
