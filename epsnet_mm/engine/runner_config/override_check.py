"""Check of the keys and values that `--cfg-options` sets."""

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mmengine.config import Config

from ...aliases import OLD_KEYS
from .component_arguments import Arguments
from .expanded_variables import keys_with_value_of, walk
from .known_keys import RUNNER_KEYS, keys_at
from .value_check import check_type

_ALWAYS = ('type', '_delete_', '_scope_')
_MAX_NAMES = 8


def check_variables(cfg: Config, options: Mapping) -> None:
    """Refuse variables of the config file, which has already used them.

    Args:
        cfg: The config file.
        options: Dotted keys and values.

    Raises:
        ValueError: The message names the keys that take effect.
    """
    for key in options:
        name = key.partition('.')[0]
        if name not in cfg or name in RUNNER_KEYS:
            continue
        effective = keys_with_value_of(cfg, name)
        remedy = (
            f'set {", ".join(effective)}'
            if effective
            else 'set the keys that were made from it, or edit the file'
        )
        raise ValueError(
            f'--cfg-options {key}: `{name}` is a variable that the config file has '
            f'already used, so that setting it has no effect; {remedy}.'
        )


def check_places(cfg: Config, options: Mapping) -> None:
    """Refuse keys below a value that has no entries, and indices that are no index.

    Args:
        cfg: The config file.
        options: Dotted keys and values.

    Raises:
        ValueError: Merging the options would fail with a message about Python types.
    """
    keys = [key for key, _ in _flatten(options)]
    replaced = {key.removesuffix('._delete_') for key in keys if '_delete_' in key}
    for key in keys:
        node: Any = cfg
        parts = key.split('.')
        for depth, part in enumerate(parts):
            path = '.'.join(parts[:depth])
            if path in replaced:
                break
            if isinstance(node, (list, tuple)):
                if not part.isdigit() or int(part) >= len(node):
                    raise ValueError(
                        f'--cfg-options {key}: `{path}` is a list of {len(node)}, so '
                        f"'{part}' must be a number from 0 to {len(node) - 1}."
                    )
                node = node[int(part)]
            elif not isinstance(node, Mapping | Config):
                raise ValueError(
                    f'--cfg-options {key}: `{path}` is {node!r}, which has no entries; '
                    f'to make it a dict, add {path}._delete_=True.'
                )
            elif part in node:
                node = node[part]
            else:
                break


def check_overrides(before: Config, after: Config, options: Mapping) -> None:
    """Refuse keys that nothing would read, and values of a wrong type.

    Args:
        before: The config file.
        after: The same with the options.
        options: Dotted keys and values.

    Raises:
        ValueError: The message names the nearest key.
    """
    for key, value in _flatten(options):
        _check_path(before, after, key, _new_name(key).split('.'), value)


def _flatten(options: Mapping, prefix: str = '') -> Iterator[tuple[str, Any]]:
    """Dotted keys and values; a dict as a value gives its entries."""
    for key, value in options.items():
        if isinstance(value, Mapping) and value:
            yield from _flatten(value, f'{prefix}{key}.')
        else:
            yield f'{prefix}{key}', value


def _new_name(key: str) -> str:
    """The name of a key of version 0.1 in this version."""
    for old, new in OLD_KEYS.items():
        if key == old or key.startswith(f'{old}.'):
            return new + key.removeprefix(old)
    return key


def _check_path(
    before: Config, after: Config, key: str, parts: Sequence[str], value: Any
) -> None:
    """Go along a dotted key, and check each part.

    Args:
        before, after: As in `check_overrides`.
        key: As the user wrote it.
        parts: Its parts, under the names of this version.
        value: Its value.
    """
    old: Any = before
    new: Any = after
    for depth, part in enumerate(parts):
        if isinstance(new, (list, tuple)):
            index = int(part)
            new = new[index]
            old = old[index] if isinstance(old, list) and index < len(old) else None
            continue
        path = '.'.join(parts[:depth])
        known = keys_at(after, path, new)
        old = old if isinstance(old, Mapping | Config) else {}
        if part not in old and part not in _ALWAYS:
            _check_new_key(key, part, path, old, new, known)
        if depth == len(parts) - 1:
            parameter = known and known.parameters.get(part)
            check_type(f'--cfg-options {key}', value, old.get(part), parameter)
            return
        # A key of version 0.1 is not in `after` under its new name.
        old, new = old.get(part), new.get(part, {})


def _check_new_key(
    key: str, part: str, path: str, old: Mapping, new: Mapping, known: Arguments | None
) -> None:
    """Refuse a key that the config file does not have, and that nothing takes."""
    if path == 'default_hooks':
        # Its name is free, if it is a hook.
        value = new.get(part)
        if value is None or (isinstance(value, Mapping) and 'type' in value):
            return
    # A dict that is new as a whole may hold anything, where nothing is known.
    if not old if known is None else known.is_open or part in known.parameters:
        return
    names = {*old, *(known.parameters if known else ())} if path else RUNNER_KEYS
    place = f'`{path}`' if path else 'the config'
    raise ValueError(
        f'--cfg-options {key}: {place} has no key `{part}`, and nothing would read '
        f'it; {_nearest(part, names, new)}. --allow-new-keys sets it all the same.'
    )


def _nearest(part: str, names: Collection[str], node: Mapping) -> str:
    """What may be meant: a similar key here, the same key deeper, or any key here."""
    near = difflib.get_close_matches(part, names, n=1)
    # `val_interval` is not meant to be `val_evaluator`.
    deeper = [path for path, _ in walk(node) if path.endswith(f'.{part}')]
    if isinstance(node, Config):
        deeper = [path for path in deeper if path.partition('.')[0] in RUNNER_KEYS]
    if near and not deeper:
        return f'the nearest is `{near[0]}`'
    found = deeper or sorted(names)
    more = ', ...' if len(found) > _MAX_NAMES else ''
    return f'it has {", ".join(found[:_MAX_NAMES])}{more}'
