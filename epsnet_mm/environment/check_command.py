"""Lets `python -m epsnet_mm.check` end without a traceback in a broken environment."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

MODULE = 'epsnet_mm.check'


@contextmanager
def said_by_check_command() -> Iterator[None]:
    """Print the message of an ImportError alone, and exit 1, in that command.

    Python imports the package before the command's own module, so that the package
    must do it. Elsewhere the error is raised as it is.
    """
    try:
        yield
    except ImportError as error:
        if is_check_command(sys.orig_argv):
            sys.exit(str(error))
        raise


def is_check_command(arguments: Sequence[str]) -> bool:
    """Whether Python was started as `python -m epsnet_mm.check`.

    Args:
        arguments: `sys.orig_argv`; `sys.argv` does not name the module yet.
    """
    return MODULE in arguments or f'-m{MODULE}' in arguments
