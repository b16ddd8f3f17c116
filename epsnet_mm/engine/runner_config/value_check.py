"""Check of values in a config that would fail only after a training has begun."""

import difflib
import numbers
import types
import typing
from collections.abc import Iterator, Mapping
from inspect import Parameter
from typing import Any, Literal, Union

from mmengine.config import Config

from .component_arguments import find_component
from .known_keys import keys_at

# Python's type -> what a value may be instead, and what messages call it.
_ACCEPTED = {
    bool: (bool, 'True or False'),
    int: (numbers.Integral, 'a whole number'),
    float: (numbers.Real, 'a number'),
    str: (str, 'a text'),
    list: ((list, tuple), 'a list'),
    tuple: ((list, tuple), 'a list'),
    dict: (Mapping, 'a dict'),
    type(None): (type(None), 'None'),
}
_COUNTS = ('max_epochs', 'max_iters', 'val_interval')


def check_type(label: str, value: Any, old: Any, parameter: Parameter | None) -> None:
    """Refuse a value of another type than an argument's, or than the config's value.

    Args:
        label: What the message calls it.
        value: The new value.
        old: The config file's value, or None.
        parameter: The component's argument, where it is known.

    Raises:
        ValueError: The types don't agree.
    """
    expected = _annotated(parameter)
    if expected is None:
        expected = _like(old)
    if expected is None or value is None:
        return
    if not _is_any_of(value, expected):
        names = ' or '.join(sorted({_ACCEPTED[kind][1] for kind in expected}))
        raise ValueError(f'{label} is {value!r}, but must be {names}.')


def _annotated(parameter: Parameter | None) -> set[type] | None:
    """Python types of an annotation, or None if it has others, too."""
    if parameter is None or parameter.annotation is Parameter.empty:
        return None
    kinds = set()
    for part in _alternatives(parameter.annotation):
        if typing.get_origin(part) is Literal:
            kinds |= {type(choice) for choice in typing.get_args(part)}
            continue
        kind = type(None) if part is None else typing.get_origin(part) or part
        if kind not in _ACCEPTED:
            return None
        kinds.add(kind)
    return kinds


def _alternatives(annotation: Any) -> tuple:
    if typing.get_origin(annotation) in (Union, types.UnionType):
        return typing.get_args(annotation)
    return (annotation,)


def _like(old: Any) -> set[type] | None:
    """What may replace a value whose argument says nothing of its type.

    Numbers may replace each other, and numbers and sequences, as in `scale`.
    """
    if isinstance(old, bool):
        return {bool}
    if isinstance(old, (int, float)):
        return {float, list}
    if isinstance(old, str):
        return {str, list}
    if isinstance(old, Mapping):
        return {dict, list}
    return None


def _is_any_of(value: Any, kinds: set[type]) -> bool:
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, int) and value in (0, 1) and bool in kinds:
        return True
    return any(isinstance(value, _ACCEPTED[kind][0]) for kind in kinds)


def check_values(cfg: Config) -> None:
    """Refuse what would end a training only when it has run for a while.

    Checked are samplers, the loop and the hooks: keys that they don't take, types of
    values, lengths, and the metric that says which checkpoint is best.

    Args:
        cfg: Of a training or a test.

    Raises:
        ValueError: The message names the key.
    """
    for path, node in _loop_and_hooks(cfg):
        known = keys_at(cfg, path, node)
        for key, value in node.items():
            if known is None or key in ('type', '_scope_'):
                continue
            if not known.is_open and key not in known.parameters:
                near = difflib.get_close_matches(key, known.parameters, n=1)
                remedy = f'write `{near[0]}`' if near else 'remove it'
                raise ValueError(f'{path}.{key} is read by nothing: {remedy}.')
            check_type(f'{path}.{key}', value, None, known.parameters.get(key))
            if key in _COUNTS and value is not None and not value >= 1:
                raise ValueError(f'{path}.{key} is {value}, but must be at least 1.')
    _check_samplers(cfg)
    _check_best(cfg)


def _check_samplers(cfg: Config) -> None:
    """Refuse samplers that are none: PyTorch would take them until the loop asks."""
    for split in ('train', 'val', 'test'):
        loader = cfg.get(f'{split}_dataloader')
        # MMEngine also takes objects.
        sampler = loader.get('sampler') if isinstance(loader, Mapping) else None
        if isinstance(sampler, (numbers.Number, str)):
            _check_kind(f'{split}_dataloader.sampler', sampler, Mapping, 'a dict')


def _loop_and_hooks(cfg: Config) -> Iterator[tuple[str, Mapping]]:
    """Their configs, with dotted keys."""
    nodes = {'train_cfg': cfg.get('train_cfg')}
    hooks = cfg.get('default_hooks') or {}
    _check_kind('default_hooks', hooks, Mapping, 'a dict of hooks')
    nodes |= {f'default_hooks.{name}': hook for name, hook in hooks.items()}
    custom = cfg.get('custom_hooks') or []
    _check_kind('custom_hooks', custom, (list, tuple), 'a list of hooks')
    nodes |= {f'custom_hooks.{index}': hook for index, hook in enumerate(custom)}
    for path, node in nodes.items():
        # A hook may also be an object, or None to leave it out.
        if isinstance(node, Mapping):
            yield path, node


def _check_kind(path: str, value: Any, kind: type | tuple, must_be: str) -> None:
    if not isinstance(value, kind):
        raise ValueError(f'{path} is {value!r}, but must be {must_be}.')


def _check_best(cfg: Config) -> None:
    """Refuse to save the best checkpoint by a metric that there is not."""
    checkpoint = dict(_loop_and_hooks(cfg)).get('default_hooks.checkpoint', {})
    best, evaluator = checkpoint.get('save_best'), cfg.get('val_evaluator')
    if best in (None, 'auto') or evaluator is None:
        return
    names: set[str] = set()
    for metric in evaluator if isinstance(evaluator, list) else [evaluator]:
        _check_kind('val_evaluator', metric, Mapping, 'a dict or a list of dicts')
        known = getattr(find_component(metric.get('type')), 'METRIC_NAMES', None)
        if known is None:
            return  # a metric that does not say its names
        prefix = metric.get('prefix') or find_component(metric['type']).default_prefix
        names |= {f'{prefix}/{name}' for name in known}
    _check_kind(
        'default_hooks.checkpoint.save_best', best, (str, list, tuple), 'a text or list'
    )
    for name in [best] if isinstance(best, str) else best:
        if name not in names:
            raise ValueError(
                f'default_hooks.checkpoint.save_best is {name!r}, but the evaluator '
                f'gives {", ".join(sorted(names))}.'
            )
