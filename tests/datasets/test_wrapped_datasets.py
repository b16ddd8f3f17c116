"""Datasets inside wrappers, and the transforms inside transforms."""

from types import SimpleNamespace

from epsnet_mm.datasets import EPSNetPanopticDataset
from epsnet_mm.datasets.wrapped_datasets import (
    class_difference,
    leaf_datasets,
    used_transforms,
)

import pytest
from mmcv.transforms import RandomApply, RandomChoice
from mmdet.datasets.transforms import Expand, MultiBranch, RandomOrder
from mmengine.dataset import Compose, RepeatDataset
from mmengine.registry import init_default_scope


def wrapper(**content) -> SimpleNamespace:
    return SimpleNamespace(**content)


def test_leaves_of_nested_wrappers():
    a, b, c = (SimpleNamespace(ann_file=name) for name in 'abc')
    joined = wrapper(datasets=[wrapper(dataset=a), wrapper(datasets=[b, c])])
    assert list(leaf_datasets(joined)) == [a, b, c]
    assert list(leaf_datasets(a)) == [a]


def test_leaf_of_a_real_wrapper(write_files, content):
    leaf = EPSNetPanopticDataset(
        ann_file='panoptic.json',
        data_root=str(write_files(content)),
        data_prefix=dict(img='img', seg='seg'),
    )
    assert list(leaf_datasets(RepeatDataset(leaf, times=2))) == [leaf]


@pytest.mark.parametrize(
    'nest',
    [
        lambda x: x,
        lambda x: RandomApply([x], prob=0.5),
        lambda x: RandomChoice([[x], []]),
        lambda x: MultiBranch(['a'], a=[x]),
        lambda x: RandomOrder([x]),
        lambda x: RandomApply([RandomApply([x])]),
    ],
)
def test_transforms_are_found_inside_others(nest):
    init_default_scope('mmdet')
    expand = Expand()
    dataset = wrapper(pipeline=Compose([nest(expand)]))
    for found in (dataset, wrapper(datasets=[wrapper(dataset=dataset)])):
        assert expand in list(used_transforms(found))


def test_transforms_of_a_wrapper_and_of_what_it_wraps():
    first, second = Expand(), Expand()
    inner = wrapper(pipeline=Compose([first]))
    mixed = wrapper(dataset=inner, pipeline=[second])
    assert {first, second} <= set(used_transforms(mixed))


def test_transforms_that_refer_to_each_other():
    first, second = Expand(), Expand()
    first.other, second.other = second, first
    assert list(used_transforms(wrapper(pipeline=[first]))) == [first, second]


def metainfo(things: str, stuff: str = '', **more) -> dict:
    return dict(thing_classes=tuple(things), stuff_classes=tuple(stuff), **more)


@pytest.mark.parametrize(
    ('first', 'second', 'expected'),
    [
        (metainfo('ab', 'c'), metainfo('ab', 'c', palette=[]), None),
        (
            metainfo('ab', 'c'),
            metainfo('ba', 'c'),
            'the label 0 is a (thing) in the first and b (thing) in the second',
        ),
        (
            metainfo('ab', 'c'),
            metainfo('a', 'bc'),
            'the label 1 is b (thing) in the first and b (stuff) in the second',
        ),
        (metainfo('ab'), metainfo('a'), 'the second lacks the class b (thing)'),
        (metainfo('a'), metainfo('a', 'b'), 'the first lacks the class b (stuff)'),
        (
            metainfo('a', 'b', classes=('b', 'a')),
            metainfo('a', 'b'),
            'the label 0 is b (stuff) in the first and a (thing) in the second',
        ),
    ],
)
def test_class_difference(first, second, expected):
    assert class_difference(first, second) == expected
