"""The classes of a dataset: what its file says, and what its config says."""

from collections.abc import Mapping, Sequence

from epsnet_runtime.coco.categories import (
    order_categories,
    panoptic_metainfo,
    with_kinds,
)

from ..structures.label_range import MAX_CLASSES


def label_classes(
    categories: Sequence[dict], given: Mapping, ann_file: str
) -> tuple[list[dict], dict]:
    """Bring categories into label order and make `metainfo` of them.

    Args:
        categories: Of the annotation file, checked; all with `isthing` or all
            without it.
        given: `metainfo` of the config. Where the file lacks `isthing`, the
            `thing_classes`, and `stuff_classes` if given, tell kinds and order.
        ann_file: The annotation file, for the messages.

    Returns:
        The categories, and `metainfo`, in which the config comes first. It has no
        `thing_classes` and `stuff_classes` where nothing tells them.

    Raises:
        ValueError: File and config disagree, or there are too many classes.
    """
    kinds_known = all('isthing' in category for category in categories)
    if not kinds_known and 'thing_classes' in given:
        kinds_known = True
        categories = _kinds_of_config(categories, given)
    categories = order_categories(with_kinds(categories, ()))
    from_file = panoptic_metainfo(categories)
    if not kinds_known:
        del from_file['thing_classes'], from_file['stuff_classes']
    for key in ('classes', 'thing_classes', 'stuff_classes'):
        names, expected = given.get(key), from_file.get(key)
        if names is not None and expected is not None and tuple(names) != expected:
            raise ValueError(
                f'`metainfo.{key}` in the config has {len(names)} classes '
                f'and disagrees with the {len(expected)} of '
                f'{ann_file}: remove it, they are read from the file '
                '(things first, then stuff).'
            )
    if len(categories) > MAX_CLASSES:
        raise ValueError(
            f'{ann_file} has {len(categories)} categories, but panoptic maps '
            f'hold {MAX_CLASSES}: merge or remove some.'
        )
    return categories, {**from_file, **given}


def _kinds_of_config(categories: Sequence[dict], given: Mapping) -> list[dict]:
    """Add `isthing`, and sort by the order in which the config names the classes."""
    names = [*given['thing_classes'], *given.get('stuff_classes', ())]
    rank = {name: position for position, name in enumerate(names)}
    return sorted(
        with_kinds(categories, given['thing_classes']),
        key=lambda category: rank.get(category['name'], len(names)),
    )
