"""Where the value of a config file's variable has gone."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from mmengine.config import Config

from .known_keys import RUNNER_KEYS

_MAX_NAMES = 6
# A number is equal to many others. These keys have it because of the variable.
_LENGTHS = {
    'max_epochs': ('train_cfg.*', 'param_scheduler.*'),
    'max_iters': ('train_cfg.*', 'param_scheduler.*'),
}


def keys_with_value_of(cfg: Config, variable: str) -> list[str]:
    """Dotted keys that take effect, and have their value from a variable.

    Parsing a config leaves no trace of where a value comes from. So these are the
    keys with the same value, and for numbers also a similar name.

    Args:
        cfg: A config as read from a file.
        variable: Name of one of its top-level values.

    Returns:
        A few of them at most; the last is '...' if there are more.
    """
    value = cfg[variable]
    found = [
        path
        for path, other in walk({k: v for k, v in cfg.items() if k in RUNNER_KEYS})
        if _comes_from(variable, value, path, other)
    ]
    # `train_pipeline` is a pipeline, and the parts of it are not meant.
    found = [p for p in found if not any(p.startswith(f'{q}.') for q in found)]
    return found if len(found) <= _MAX_NAMES else [*found[:_MAX_NAMES], '...']


def _comes_from(variable: str, value: Any, path: str, other: Any) -> bool:
    name = path.rpartition('.')[2]
    if isinstance(value, str):
        # A folder is the beginning of paths.
        is_folder = value.endswith('/') and isinstance(other, str)
        return other == value or (is_folder and other.startswith(value))
    if value is None or isinstance(value, (bool, int, float)):
        if other != value or type(other) is not type(value):
            return False
        patterns = _LENGTHS.get(variable, ())
        return name.endswith(variable) or any(fnmatchcase(path, p) for p in patterns)
    return _plain(other) == _plain(value)


def _plain(value: Any) -> Any:
    """Lists for tuples, because an option cannot tell them apart."""
    return list(value) if isinstance(value, (list, tuple)) else value


def walk(node: Any, prefix: str = '') -> Iterator[tuple[str, Any]]:
    """All entries of nested dicts and lists, with their dotted keys."""
    if isinstance(node, Mapping | Config):
        entries = node.items()
    elif isinstance(node, (list, tuple)):
        entries = enumerate(node)
    else:
        return
    for key, value in entries:
        yield f'{prefix}{key}', value
        yield from walk(value, f'{prefix}{key}.')
