"""Categories of an annotation file, and the class labels that stand for them."""

import colorsys
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .value_rules import is_flag, is_integer, is_text, shown


def category_problems(
    categories: Sequence[dict], with_kinds: bool = True
) -> Iterator[str]:
    """Find what is wrong with the `categories` of an annotation file.

    The one check of categories: converters, checker and dataset call it.

    Args:
        categories: The list of the file.
        with_kinds: Whether each category needs `isthing`. If not, all have it or
            none has it.

    Yields:
        One sentence per problem, with its remedy.
    """
    if not isinstance(categories, Sequence) or isinstance(categories, str):
        yield '`categories` is no list: write a list of categories.'
        return
    if not categories:
        yield (
            'the file has no categories: add at least one with `id`, '
            '`name` and `isthing`.'
        )
    readable = [category for category in categories if isinstance(category, Mapping)]
    for key, is_valid in (('id', is_integer), ('name', is_text)):
        values = Counter(
            category[key] for category in readable if is_valid(category.get(key))
        )
        for value, count in values.items():
            if count > 1:
                yield f'several categories have the {key} {value!r}; make it unique.'
    with_kinds |= any('isthing' in category for category in readable)
    for position, category in enumerate(categories):
        yield from _problems_of_one(category, f'categories[{position}]', with_kinds)


def _problems_of_one(category: dict, where: str, with_kinds: bool) -> Iterator[str]:
    if not isinstance(category, Mapping):
        yield (
            f'{where} {shown(category)} is no object with `id`, `name` and `isthing`.'
        )
        return
    where = f'{where} {shown(category)}'
    for key, is_valid, problem in (
        ('id', is_integer, 'an `id` that is no integer; write a number, not a text.'),
        ('name', is_text, 'a `name` that is no text; put it between quotes.'),
        (
            'isthing',
            is_flag,
            'an `isthing` beyond 0 and 1; write 1 for things, 0 for stuff.',
        ),
    ):
        if key not in category:
            if key == 'isthing' and not with_kinds:
                continue
            yield (
                f'{where} lacks `{key}`; add it '
                '(`isthing` is 1 for things, 0 for stuff).'
            )
        elif not is_valid(category[key]):
            yield f'{where} has {problem}'
    if category.get('color') is not None and category_color(category) is None:
        yield (
            f'{where} has a `color` that is not three numbers from '
            '0 to 255 or a text like "#00ff80"; correct or remove it.'
        )


def category_color(category: Mapping) -> tuple[int, int, int] | None:
    """The color of a category, RGB from 0 to 255.

    Returns:
        None if it has no `color`, or one that is neither a list of three numbers
        nor a text like "#00ff80".
    """
    color = category.get('color')
    if isinstance(color, str) and re.fullmatch('#[0-9a-fA-F]{6}', color):
        return tuple(bytes.fromhex(color[1:]))
    if (
        isinstance(color, Sequence)
        and len(color) == 3
        and all(is_integer(value) and 0 <= value <= 255 for value in color)
    ):
        return tuple(color)
    return None


def shared_colors(categories: Sequence[dict]) -> Iterator[str]:
    """Find categories that nobody can tell apart by their color.

    They are wrong where masks are read by color. Elsewhere only pictures suffer,
    and the classes of ADE20K have such a pair.

    Args:
        categories: Without problems, see `category_problems`.

    Yields:
        One sentence per color, with its remedy.
    """
    names = defaultdict(list)
    for category in categories:
        names[category_color(category)].append(category['name'])
    names.pop(None, None)
    for color, sharing in names.items():
        if len(sharing) > 1:
            yield (
                f'the categories {", ".join(sharing)} have the same `color` '
                f'{list(color)}: give each its own.'
            )


def plain_categories(categories: Sequence[dict]) -> list[dict]:
    """Write categories in the plainest form that COCO's tools read.

    Args:
        categories: Without problems, see `category_problems`.

    Returns:
        Copies with `isthing` 0 or 1, and `color`, where there is one, as a list of
        three numbers.
    """
    plain = []
    for category in categories:
        category = dict(category, isthing=int(category['isthing']))
        color = category_color(category)
        if color is None:
            category.pop('color', None)
        else:
            category['color'] = list(color)
        plain.append(category)
    return plain


def with_kinds(
    categories: Sequence[dict], thing_classes: Sequence[str]
) -> Sequence[dict]:
    """Add `isthing` to the categories of a file that lacks it.

    Args:
        categories: Without problems, see `category_problems`.
        thing_classes: Names of the things; all others are stuff.

    Returns:
        The same categories where they have it, else copies.
    """
    if all('isthing' in category for category in categories):
        return categories
    return [
        dict(category, isthing=int(category['name'] in thing_classes))
        for category in categories
    ]


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
            category_color(category) or _distinct_color(label)
            for label, category in enumerate(categories)
        ],
    )


def _distinct_color(label: int) -> tuple[int, ...]:
    """A color that differs from those of all other labels."""
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
