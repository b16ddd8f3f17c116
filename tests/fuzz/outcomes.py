"""How a program may end with an input that nobody has foreseen."""

import traceback
from pathlib import Path

import epsnet_mm

FINE, SENTENCE = 'fine', 'sentence'
TRACEBACK, SILENT, HANG, CRASH = 'traceback', 'silent', 'hang', 'crash'
OUTCOMES = (FINE, SENTENCE, TRACEBACK, SILENT, HANG, CRASH)

_PACKAGE = Path(epsnet_mm.__file__).parent
# A message that shows a whole file is none.
_MAX_LENGTH = 2000


class SilentFault(BaseException):
    """An input was accepted although something that can be checked is broken.

    It is no `Exception`, so that no code under test can catch it.
    """


def classify(error: BaseException) -> str:
    """Which of the outcomes an error is.

    A sentence is a ValueError or an OSError that this project has raised, with a
    message of one line.
    """
    if isinstance(error, SilentFault):
        return SILENT
    if isinstance(error, MemoryError):
        return CRASH
    text = str(error)
    is_sentence = (
        isinstance(error, ValueError | OSError)
        and _PACKAGE in Path(where(error).rpartition(':')[0]).parents
        and 0 < len(text) <= _MAX_LENGTH
        and '\n' not in text
        and not text.startswith('[Errno')
        and ' object at 0x' not in text
    )
    return SENTENCE if is_sentence else TRACEBACK


def where(error: BaseException) -> str:
    """File and line that raised an error."""
    frames = traceback.extract_tb(error.__traceback__)
    return f'{frames[-1].filename}:{frames[-1].lineno}' if frames else ':0'
