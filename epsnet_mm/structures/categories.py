"""Categories of an annotation file, and the class labels that stand for them."""

import colorsys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence


def category_problems(categories: Sequence[dict]) -> Iterator[str]:
    """Find what is wrong with the `categories` of an annotation file.

    Yields:
        One sentence per problem, with its remedy.
    """
    if not categories:
        yield (
            'the file has no categories: add at least one with `id`, '
            '`name` and `isthing`.'
        )
    for key in ('id', 'name', 'isthing'):
        for category in categories:
            if key not in category:
                yield (
                    f'the category {category} lacks `{key}`; add it '
                    '(`isthing` is 1 for things, 0 for stuff).'
                )
        if key != 'isthing':
            values = Counter(
                category[key] for category in categories if key in category
            )
            for value, count in values.items():
                if count > 1:
                    yield (
                        f'several categories have the {key} {value!r}; make it unique.'
                    )


def order_categories(categories: list[dict]) -> list[dict]:
    """Sort categories into label order: things, then stuff, each in the
    order of the file.
    """
    return sorted(categories, key=lambda category: not category['isthing'])


def panoptic_metainfo(categories: Sequence[dict]) -> dict:
    """Make a dataset's `metainfo` from the categories of its file.

    Args:
        categories: In label order, see `order_categories`.

    Returns:
        `classes`, `thing_classes`, `stuff_classes` (tuples of names) and `palette`
        (a list of RGB tuples, 0 to 255).
    """
    return dict(
        classes=tuple(category['name'] for category in categories),
        thing_classes=tuple(
            category['name'] for category in categories if category['isthing']
        ),
        stuff_classes=tuple(
            category['name'] for category in categories if not category['isthing']
        ),
        palette=[
            tuple(category.get('color') or _distinct_color(label))
            for label, category in enumerate(categories)
        ],
    )


def _distinct_color(label: int) -> tuple[int, ...]:
    """A colour that differs from those of all other labels."""
    # Steps of the golden ratio never fall on an earlier hue.
    hue = label * 0.618034 % 1
    value = 1 - 0.3 * (label // 3 % 2)
    return tuple(
        round(255 * channel)
        for channel in colorsys.hsv_to_rgb(hue, 0.85 - 0.35 * (label % 3 == 2), value)
    )


def categories_of_classes(
    metainfo: Mapping, category_ids: Mapping[str, int] | None
) -> list[dict]:
    """Make categories from a dataset's `metainfo`, in label order.

    Args:
        metainfo: `classes` and `thing_classes` of the dataset.
        category_ids: Id of each class name; None for label + 1.

    Raises:
        ValueError: If `category_ids` lacks a class.
    """
    classes = metainfo['classes']
    if category_ids is None:
        category_ids = {name: label for label, name in enumerate(classes, 1)}
    missing = [name for name in classes if name not in category_ids]
    if missing:
        raise ValueError(
            f'The annotation file has no category named {missing[0]!r}, which '
            'the model predicts; point test_dataloader.dataset at the dataset '
            'that the model was trained on.'
        )
    return [
        dict(
            id=int(category_ids[name]),
            name=name,
            isthing=int(name in metainfo['thing_classes']),
        )
        for name in classes
    ]
