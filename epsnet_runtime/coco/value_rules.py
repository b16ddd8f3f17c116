"""What values of JSON files may be, and sentences about those that may not."""

import math
import reprlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80
_SHORT.maxlevel = 3


def shown(value: object) -> str:
    """A value as a message shows it: short, however large or deep it is."""
    return _SHORT.repr(value)


def is_integer(value: object) -> bool:
    """Whether a value is an integer; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_whole(value: object) -> bool:
    """Whether a value is an integer or a float without fraction."""
    return is_integer(value) or (isinstance(value, float) and value.is_integer())


def is_number(value: object) -> bool:
    """Whether a value is a finite number that arithmetic can take."""
    if is_integer(value):
        return abs(value) < 2**63
    return isinstance(value, float) and math.isfinite(value)


def is_text(value: object) -> bool:
    """Whether a value is a text with a letter in it, which can be written."""
    return isinstance(value, str) and bool(value.strip()) and _is_encodable(value)


def is_file_name(value: object) -> bool:
    """Whether a value can be the name of a file."""
    return is_text(value) and '\0' not in value


def is_flag(value: object) -> bool:
    """Whether a value is 0, 1, true or false. The text "0" is none: it is true."""
    return isinstance(value, int) and value in (0, 1)


def is_id(value: object) -> bool:
    """Whether a value can be the id of an image: a whole number or a text."""
    return is_whole(value) or is_text(value)


def is_size(value: object) -> bool:
    """Whether a value can be the number of pixels of a side."""
    return is_whole(value) and value > 0


def is_box(value: object) -> bool:
    """Whether a value is a list of four finite numbers."""
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) == 4
        and all(map(is_number, value))
    )


def is_list(value: object) -> bool:
    """Whether a value is a list."""
    return isinstance(value, list)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, as "\ud800"
        return False
    return True


@dataclass(frozen=True)
class Rule:
    """What one key of an object must be.

    Attributes:
        holds: Whether a value is right.
        must_be: What is right, as it stands after "must be".
        required: Whether the key may not be absent.
    """

    holds: Callable[[object], bool]
    must_be: str
    required: bool = True


def fits(entry: object, rules: Mapping[str, Rule]) -> bool:
    """Whether an object has no fault, see `faults`."""
    if not isinstance(entry, dict):
        return False
    for key, rule in rules.items():
        if key not in entry:
            if rule.required:
                return False
        elif not rule.holds(entry[key]):
            return False
    return True


def faults(entry: object, where: str, rules: Mapping[str, Rule]) -> Iterator[str]:
    """Find the values that break a rule.

    Args:
        entry: An object of a JSON file.
        where: Its JSON path, "images[3]" for instance.
        rules: The rule of each key; other keys are not looked at.

    Yields:
        One sentence per value, with its JSON path and the remedy.
    """
    if not isinstance(entry, dict):
        yield f'{where} is {shown(entry)}, but must be an object; correct it.'
        return
    for key, rule in rules.items():
        if key not in entry:
            if rule.required:
                yield f'{where} {shown(entry)} lacks `{key}`; add it.'
        elif not rule.holds(entry[key]):
            yield (
                f'{where}.{key} is {shown(entry[key])}, but must be {rule.must_be}; '
                'correct it.'
            )
