"""Which arguments the component takes that a config's `type` names."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import Parameter
from typing import Any

from mmdet import registry as mmdet_registry
from mmengine.hooks import CheckpointHook
from mmengine.registry import Registry
from mmengine.runner import Runner


@dataclass
class Arguments:
    """Arguments of a component.

    Attributes:
        parameters: By name; None where only the name is known.
        is_open: Whether it takes any other name, too.
    """

    parameters: dict[str, Parameter | None] = field(default_factory=dict)
    is_open: bool = False


def find_component(name: Any) -> Callable | None:
    """The class or function of a `type`, or None if there is no such component.

    Args:
        name: A name in one of MMDetection's or MMEngine's registries, with or
            without a scope such as `mmdet.`, or the component itself.
    """
    if not isinstance(name, str):
        return name if callable(name) else None
    for registry in vars(mmdet_registry).values():
        # A registry of MMDetection asks its parent in MMEngine, too.
        if isinstance(registry, Registry):
            try:
                found = registry.get(name)
            except RuntimeError:  # an empty name, or one with two scopes
                return None
            if found is not None:
                # A registry gives the module of that name, if there is no component.
                return found if callable(found) else None
    return None


def arguments_of(cfg: Mapping, default_type: str | None = None) -> Arguments:
    """What may be set in a component's config.

    Args:
        cfg: Its config.
        default_type: What is built if it has no `type`.
    """
    component = find_component(cfg.get('type', default_type))
    if component is None:
        # Building it will fail, and say so.
        return Arguments(is_open=True)
    arguments = _signature(component)
    if arguments.is_open and (forwarded := _forwarded(component, cfg, arguments)):
        arguments = Arguments(
            {**arguments.parameters, **forwarded.parameters}, forwarded.is_open
        )
    return arguments


def _signature(component: Callable) -> Arguments:
    """Named arguments of a function, or of a class and the parents it forwards to."""
    if not inspect.isclass(component):
        return _named(component)
    found: dict[str, Parameter] = {}
    for parent in component.__mro__[:-1]:
        if '__init__' not in vars(parent):
            continue
        own = _named(vars(parent)['__init__'])
        found = {**own.parameters, **found}
        if not own.is_open:
            return Arguments(found)
    # `**kwargs` that no parent takes: it is used otherwise, or there is none at all.
    return Arguments(found, is_open=True)


def _named(function: Callable) -> Arguments:
    parameters = inspect.signature(function).parameters
    kinds = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    return Arguments(
        {k: p for k, p in parameters.items() if p.kind in kinds and k != 'self'},
        any(p.kind is Parameter.VAR_KEYWORD for p in parameters.values()),
    )


def _forwarded(
    component: Callable, cfg: Mapping, arguments: Arguments
) -> Arguments | None:
    """Where `**kwargs` go that no parent takes, if that is known."""
    if inspect.isclass(component) and issubclass(component, CheckpointHook):
        return _named(Runner.save_checkpoint)
    # `RandomResize` builds what its `resize_type` names, for example.
    for name, parameter in arguments.parameters.items():
        inner = find_component(cfg.get(name, parameter.default))
        if name.endswith('_type') and inspect.isclass(inner):
            return _signature(inner)
    return None
