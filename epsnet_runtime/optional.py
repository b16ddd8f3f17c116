"""Packages that only some functions need."""

import importlib
from types import ModuleType


def require(module: str, distribution: str, purpose: str) -> ModuleType:
    """Import a package that may be missing.

    Args:
        module: Its import name.
        distribution: What pip installs.
        purpose: What needs it, for the message.

    Raises:
        ImportError: If it is missing. The message says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f'{purpose} needs {module} ({error}): pip install {distribution}'
        ) from error
