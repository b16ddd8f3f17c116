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
        first: A dataset's `metainfo`. Labels follow `classes`, or, without it,
            `thing_classes`, then `stuff_classes`.
        second: The same of another dataset. If one of both does not tell things and
            stuff apart, names alone are compared.

    Returns:
        A clause about "the first" and "the second"; None where labels mean the same.
    """
    with_kinds = 'thing_classes' in first and 'thing_classes' in second
    ours, theirs = (list(_label_names(x, with_kinds)) for x in (first, second))
    for label, (here, there) in enumerate(zip(ours, theirs, strict=False)):
        if here != there:
            return f'the label {label} is {here} in the first and {there} in the second'
    if len(ours) > len(theirs):
        return f'the second lacks the class {ours[len(theirs)]}'
    if len(ours) < len(theirs):
        return f'the first lacks the class {theirs[len(ours)]}'
    return None


def joined_difference(leaves: Sequence[Any]) -> str | None:
    """Tell in what the classes of joined datasets differ.

    Args:
        leaves: Datasets, see `leaf_datasets`; each is compared with the first.

    Returns:
        The rest of a sentence whose subject is what joins them; None where labels
        mean the same.
    """
    for position, leaf in enumerate(leaves[1:], 2):
        difference = class_difference(leaves[0].metainfo, leaf.metainfo)
        if difference:
            return (
                f'joins {dataset_name(leaves[0])} with {dataset_name(leaf)}, the '
                f'dataset {position} of {len(leaves)}, but {difference}; write both '
                'annotation files with the same `categories` in the same order.'
            )
    return None


def dataset_name(dataset: Any) -> str:
    """The annotation file of a dataset, or its class."""
    return getattr(dataset, 'ann_file', None) or type(dataset).__name__


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


def _label_names(metainfo: Mapping, with_kinds: bool) -> Iterator[str]:
    """Each class in label order, as "car (thing)", or as "car" without kinds."""
    things = metainfo.get('thing_classes', ())
    names = metainfo.get('classes', (*things, *metainfo.get('stuff_classes', ())))
    for name in names:
        kind = 'thing' if name in things else 'stuff'
        yield f'{name} ({kind})' if with_kinds else name
