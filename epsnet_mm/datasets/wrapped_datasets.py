"""Looks into datasets that wrap others: joined, repeated, balanced or mixed ones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any


def leaf_datasets(dataset: Any) -> Iterator[Any]:
    """The datasets inside wrappers, in order; the dataset itself if it wraps none."""
    inner = _wrapped_by(dataset)
    if not inner:
        yield dataset
    for each in inner:
        yield from leaf_datasets(each)


def used_transforms(dataset: Any) -> Iterator[Callable]:
    """All transforms that a dataset applies, also those inside other transforms.

    Args:
        dataset: A wrapper's own pipeline and those of what it wraps are searched.
    """
    for each in _wrapped_by(dataset):
        yield from used_transforms(each)
    yield from _nested_transforms(getattr(dataset, 'pipeline', None), set())


def class_difference(first: Mapping, second: Mapping) -> str | None:
    """Tell in what the classes of two datasets differ.

    Args:
        first: A dataset's `metainfo`, with `thing_classes` and `stuff_classes`;
            labels follow `classes`, or, without it, things first, then stuff.
        second: The same of another dataset.

    Returns:
        A clause about "the first" and "the second"; None where labels mean the same.
    """
    ours, theirs = list(_named_kinds(first)), list(_named_kinds(second))
    for label, (here, there) in enumerate(zip(ours, theirs, strict=False)):
        if here != there:
            return f'the label {label} is {here} in the first and {there} in the second'
    if len(ours) > len(theirs):
        return f'the second lacks the class {ours[len(theirs)]}'
    if len(ours) < len(theirs):
        return f'the first lacks the class {theirs[len(ours)]}'
    return None


def _wrapped_by(dataset: Any) -> Sequence[Any]:
    """What a wrapper wraps; nothing for a dataset that is none.

    `ConcatDataset` keeps it as `datasets`; `RepeatDataset`, `ClassBalancedDataset`,
    `MultiImageMixDataset` and torch's `Subset` as `dataset`.
    """
    if hasattr(dataset, 'datasets'):
        return dataset.datasets
    return [dataset.dataset] if hasattr(dataset, 'dataset') else []


def _nested_transforms(value: object, seen: set[int]) -> Iterator[Callable]:
    """Transforms in a pipeline, in an attribute of a transform or in a list of both."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _nested_transforms(each, seen)
    elif isinstance(value, Mapping):
        yield from _nested_transforms(list(value.values()), seen)
    elif callable(value) and hasattr(value, '__dict__') and id(value) not in seen:
        seen.add(id(value))
        yield value
        yield from _nested_transforms(vars(value), seen)


def _named_kinds(metainfo: Mapping) -> Iterator[str]:
    """Each class in label order, as "car (thing)"."""
    things, stuff = metainfo['thing_classes'], metainfo['stuff_classes']
    for name in metainfo.get('classes', (*things, *stuff)):
        yield f'{name} ({"thing" if name in things else "stuff"})'
