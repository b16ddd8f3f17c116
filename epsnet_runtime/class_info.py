"""The classes that a network tells apart."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .coco.categories import category_color, category_problems, panoptic_metainfo


@dataclass(frozen=True)
class ClassInfo:
    """A class.

    Args:
        name: Its name.
        isthing: Whether its objects can be counted.
        color: RGB from 0 to 255.
        id: Its category id in COCO's files.
    """

    name: str
    isthing: bool
    color: tuple[int, int, int]
    id: int


def make_classes(entries: Sequence[Mapping]) -> list[ClassInfo]:
    """Make a class list of plain values.

    Args:
        entries: `name`, `isthing`, and optionally `color` (three numbers from 0 to
            255, or a text like '#00ff80') and `id` of each class, in label order.
            A class without a color gets one that differs from the others. Where a
            class has no id, all get their position, from 1 on.

    Raises:
        ValueError: If something is wrong with an entry.
    """
    entries = [dict(entry) for entry in entries]
    if any(entry.get('id') is None for entry in entries):
        entries = [dict(entry, id=label) for label, entry in enumerate(entries, 1)]
    for problem in category_problems(entries):
        raise ValueError(f'The class list is wrong: {problem}')
    chosen = panoptic_metainfo(entries)['palette']
    return [
        ClassInfo(
            entry['name'],
            bool(entry['isthing']),
            tuple(category_color(entry) or color),
            entry['id'],
        )
        for entry, color in zip(entries, chosen, strict=True)
    ]


def load_classes(path: str | Path) -> list[ClassInfo]:
    """Read a class list from a JSON file.

    Args:
        path: A list of classes as `make_classes` takes, or an object that has it as
            `categories` (COCO's annotation files) or `classes`.

    Raises:
        OSError: If the file can't be read.
        ValueError: If it is no such file.
    """
    try:
        content = json.loads(Path(path).read_text(encoding='utf-8'))
    except ValueError as error:
        raise ValueError(
            f'{path} is not a valid JSON file ({error}); write it again.'
        ) from None
    if isinstance(content, Mapping):
        content = content.get('categories', content.get('classes'))
    if not isinstance(content, list) or not all(
        isinstance(entry, Mapping) for entry in content
    ):
        raise ValueError(
            f'{path} holds no list of classes; give a list of objects with `name` '
            'and `isthing`, or a COCO annotation file.'
        )
    return make_classes(content)


def coco_categories(classes: Iterable[ClassInfo]) -> list[dict]:
    """The classes as `categories` of COCO's files."""
    return [
        dict(
            id=entry.id,
            name=entry.name,
            isthing=int(entry.isthing),
            color=list(entry.color),
        )
        for entry in classes
    ]


def check_class_names(names: Iterable[str], classes: Iterable[ClassInfo]) -> None:
    """Check that classes are among those of a network.

    Raises:
        ValueError: If one is not.
    """
    known = [entry.name for entry in classes]
    for name in names:
        if name not in known:
            raise ValueError(
                f'The network has no class {name!r}; choose among {", ".join(known)}.'
            )
