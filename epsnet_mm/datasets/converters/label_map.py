"""Reads per-pixel class masks and the class list that goes with them."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from ...structures.categories import category_problems

# Marks unlabelled pixels in a map of category ids.
UNLABELLED = -1
_IMAGE_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.tif', '.tiff', '.webp')


def read_classes(path: str) -> list[dict]:
    """Read a class list.

    Args:
        path: A JSON list of COCO categories (`id`, `name`, `isthing`, `color`), or
            any file with such a list as `categories`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it isn't such a list.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f'The class list {path} does not exist.')
    try:
        content = json.loads(Path(path).read_text(encoding='utf-8'))
    except ValueError as error:
        raise ValueError(f'{path} is not valid JSON ({error}).') from None
    categories = content.get('categories') if isinstance(content, dict) else content
    if not isinstance(categories, list):
        raise ValueError(
            f'{path} must be a list of categories, each with '
            '`id`, `name`, `isthing` and `color`.'
        )
    for problem in category_problems(categories):
        raise ValueError(f'{path}: {problem}')
    return categories


def list_images(folder: str) -> list[str]:
    """All images below a folder, as sorted paths relative to it.

    Raises:
        FileNotFoundError: If there is none.
    """
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in Path(folder).rglob('*')
        if path.suffix.lower() in _IMAGE_SUFFIXES
    )
    if not names:
        raise FileNotFoundError(
            f'There are no images in {folder}: check the '
            f'folder; known suffixes are {", ".join(_IMAGE_SUFFIXES)}.'
        )
    return names


def read_label_map(
    path: str, categories: Sequence[dict], ignored: Sequence[int]
) -> np.ndarray:
    """Read a mask with one class per pixel.

    Args:
        path: A PNG of category ids (grey or palette indices), or of the
            categories' colours (RGB), where black is unlabelled.
        categories: The classes.
        ignored: Values of grey masks that are unlabelled, unless they are ids of
            classes.

    Returns:
        (H, W) int64 category ids or `UNLABELLED`.

    Raises:
        ValueError: If it can't be read, or has a value that is no class.
    """
    try:
        with Image.open(path) as image:
            values = np.array(image)
            is_color = image.mode in ('RGB', 'RGBA')
    except (OSError, SyntaxError) as error:
        raise ValueError(
            f'Cannot read the mask {path}: {error}; each image needs one.'
        ) from None
    if not is_color and values.ndim != 2:
        raise ValueError(
            f'The mask {path} has {values.shape[2]} channels: '
            'write it as grey values, palette indices or RGB.'
        )
    if is_color:
        values = values[..., :3].astype(np.int64) @ [65536, 256, 1]
        table = _color_table(path, categories)
    else:
        table = {value: UNLABELLED for value in ignored}
        table.update({category['id']: category['id'] for category in categories})
    found, index = np.unique(values, return_inverse=True)
    for value in found.tolist():
        if value not in table:
            shown = f'colour #{value:06x}' if is_color else f'value {value}'
            raise ValueError(
                f'The mask {path} has the {shown}, which is no class: add it '
                'to the class list'
                + (
                    '.'
                    if is_color
                    else f', or pass --ignore {value} if it means unlabelled.'
                )
            )
    ids = np.array([table[value] for value in found.tolist()], dtype=np.int64)
    return ids[index.reshape(values.shape)]


def _color_table(path: str, categories: Sequence[dict]) -> dict[int, int]:
    table = {0: UNLABELLED}
    for category in categories:
        if 'color' not in category:
            raise ValueError(
                f'The mask {path} is in colour, but the class '
                f'{category["name"]} has no `color`: add it to the class list.'
            )
        r, g, b = category['color']
        table[65536 * r + 256 * g + b] = category['id']
    return table
