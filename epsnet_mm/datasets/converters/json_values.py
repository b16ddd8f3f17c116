"""Values of others' JSON files, read by what they mean."""

import re
from collections.abc import Mapping
from pathlib import Path

from ...structures.json_file import parse_json

# Keys whose values are compared as numbers.
_NUMBERS = {'id', 'image_id', 'category_id', 'height', 'width'}


def read_json(path: str, what: str) -> object:
    """Read a JSON file.

    Args:
        path: The file; a byte order mark is no fault.
        what: What the file is, for the message.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it isn't JSON.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f'The {what} {path} does not exist: check its name.')
    return parse_json(Path(path).read_bytes(), path)


def read_id(value: object) -> int | str | None:
    """Read the id of an image or a category by its value.

    Files of different tools join lists by ids of different types. So 7, 7.0, "7" and
    "007" are the same id.

    Returns:
        An integer, a text that is none, or None if the value can't be an id.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if re.fullmatch(r'\s*-?[0-9]{1,18}\s*', value) else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) else None


def read_flag(value: object) -> bool | None:
    """Read a flag by its value: "0" is false.

    Args:
        value: null is false, for a flag that nobody has set.

    Returns:
        None if the value isn't 0 or 1.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    return {0: False, 1: True}.get(read_id(value))


def by_value(entry: object) -> object:
    """An entry of a JSON list whose ids, sizes and flag are plain numbers.

    The rules of `structures` then hold for the files of all tools.

    Args:
        entry: Stays as it is.

    Returns:
        A copy in which what `read_id` and `read_flag` understand is an integer; what
        they don't stays. Anything but an object is returned as it is.
    """
    if not isinstance(entry, Mapping):
        return entry
    plain = dict(entry)
    for key in _NUMBERS & entry.keys():
        value = read_id(entry[key])
        plain[key] = entry[key] if value is None else value
    if 'iscrowd' in entry:
        flag = read_flag(entry['iscrowd'])
        plain['iscrowd'] = entry['iscrowd'] if flag is None else int(flag)
    return plain
