"""Reads the class list that goes with class masks."""

from epsnet_runtime.coco.categories import (
    category_problems,
    plain_categories,
    shared_colors,
)

from .json_values import read_json

# Maps of category ids are of signed 64-bit integers, where -1 means unlabelled.
_MAX_ID = 2**63 - 1


def read_classes(path: str) -> list[dict]:
    """Read a class list.

    Args:
        path: A JSON list of COCO categories (`id`, `name`, `isthing`, `color`), or
            any file with such a list as `categories`.

    Returns:
        The categories, see `plain_categories`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it isn't such a list.
    """
    content = read_json(path, 'class list')
    categories = content.get('categories') if isinstance(content, dict) else content
    if not isinstance(categories, list):
        raise ValueError(
            f'{path} must be a list of categories, each with '
            '`id`, `name`, `isthing` and `color`.'
        )
    for find_problems in (category_problems, shared_colors):
        for problem in find_problems(categories):
            raise ValueError(f'{path}: {problem}')
    for category in categories:
        if not 0 <= category['id'] <= _MAX_ID:
            raise ValueError(
                f'{path}: {category["name"]} has the id {category["id"]}, but the '
                f'values of masks are 0 to {_MAX_ID}: give it one of these.'
            )
    return plain_categories(categories)
