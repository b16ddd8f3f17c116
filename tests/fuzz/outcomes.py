"""How a program may end with an input that nobody has foreseen."""

import traceback
from pathlib import Path

import epsnet_mm
import epsnet_runtime

FINE, SENTENCE = 'fine', 'sentence'
TRACEBACK, SILENT, HANG, CRASH = 'traceback', 'silent', 'hang', 'crash'
OUTCOMES = (FINE, SENTENCE, TRACEBACK, SILENT, HANG, CRASH)

_PACKAGES = {Path(each.__file__).parent for each in (epsnet_mm, epsnet_runtime)}
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
    is_sentence = bool(
        isinstance(error, ValueError | OSError)
        and _PACKAGES & {*Path(where(error).rpartition(':')[0]).parents}
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
