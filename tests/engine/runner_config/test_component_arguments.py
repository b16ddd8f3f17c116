"""Arguments of components, through their parents."""

import epsnet_mm  # noqa: F401  (registers EPSNet)
from epsnet_mm.engine.runner_config.component_arguments import (
    arguments_of,
    find_component,
)
from epsnet_mm.models.detectors import EPSNet

import pytest


class Root:
    def __init__(self, a, b=1):
        pass


class Middle(Root):
    pass


class Leaf(Middle):
    def __init__(self, c: int, *args, b: str = '', **kwargs):
        pass


class Last(Leaf):
    def __init__(self, d=None):
        pass


class Bag:
    def __init__(self, e=1, **kwargs):
        pass


def function(x, y=2):
    pass


@pytest.mark.parametrize(
    ('component', 'names', 'is_open'),
    [
        (Root, {'a', 'b'}, False),
        (Middle, {'a', 'b'}, False),
        (Leaf, {'a', 'b', 'c'}, False),
        (Last, {'d'}, False),
        (Bag, {'e'}, True),
        (function, {'x', 'y'}, False),
    ],
)
def test_names(component, names, is_open):
    arguments = arguments_of(dict(type=component))
    assert set(arguments.parameters) == names
    assert arguments.is_open is is_open


def test_the_child_decides_on_an_argument_of_both():
    assert arguments_of(dict(type=Leaf)).parameters['b'].annotation is str


def test_find_component():
    assert find_component('EPSNet') is EPSNet
    assert find_component('mmdet.EPSNet') is EPSNet
    assert find_component(EPSNet) is EPSNet
    assert find_component('NoSuchThing') is None
    assert find_component(None) is None


def test_unknown_components_take_anything():
    assert arguments_of(dict(type='NoSuchThing')).is_open
    assert not arguments_of({}, default_type='ValLoop').is_open


def test_keywords_that_go_elsewhere():
    arguments = arguments_of(dict(type='RandomResize', resize_type='Resize'))
    assert {'ratio_range', 'keep_ratio'} <= set(arguments.parameters)
    assert not arguments.is_open
    hook = arguments_of(dict(type='CheckpointHook'))
    assert {'interval', 'save_param_scheduler'} <= set(hook.parameters)
    assert not hook.is_open
