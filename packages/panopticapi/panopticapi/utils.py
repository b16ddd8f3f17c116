"""Segment ids as colours: id = R + 256 G + 256^2 B."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

_NUM_IDS = 256**3


def rgb2id(color: np.ndarray | Sequence[int]) -> np.ndarray | int:
    """Turn colours into segment ids.

    Args:
        color: An (H, W, 3) image or one (R, G, B), each in 0..255.

    Returns:
        (H, W) int32 ids, or one int.
    """
    if isinstance(color, np.ndarray) and color.ndim == 3:
        # Before the sum: uint8 would wrap at 256.
        color = color.astype(np.int32)
        return color[..., 0] + 256 * color[..., 1] + 256**2 * color[..., 2]
    red, green, blue = (int(channel) for channel in color)
    return red + 256 * green + 256**2 * blue


def id2rgb(id_map: np.ndarray | int) -> np.ndarray | list[int]:
    """Turn segment ids into colours, the inverse of `rgb2id`.

    Args:
        id_map: An integer array of any shape, or one int, in 0..256^3 - 1.

    Returns:
        uint8 array of that shape + (3,), or one [R, G, B].

    Raises:
        ValueError: If an id does not fit into three bytes.
    """
    # Wide enough for the arithmetic below, whatever the ids are stored in.
    ids = np.asarray(id_map).astype(np.int64)
    if ids.size and (ids.min() < 0 or ids.max() >= _NUM_IDS):
        raise ValueError(
            f'segment ids must be in 0..{_NUM_IDS - 1} to be stored as a colour, '
            f'but they span {ids.min()}..{ids.max()}: number the segments anew'
        )
    rgb = np.stack([ids % 256, ids // 256 % 256, ids // 256**2], axis=-1)
    if isinstance(id_map, np.ndarray):
        return rgb.astype(np.uint8)
    return rgb.tolist()


class IdGenerator:
    """Gives each segment of an image an id whose colour resembles its category's.

    A stuff category has one segment, so it gets exactly its colour; the segments
    of a thing category get different colours near it. Make one generator an image.

    Args:
        categories: From category id to a dict with `isthing` (0 or 1) and
            `color` (R, G, B).
    """

    def __init__(self, categories: dict[int, dict]) -> None:
        self.categories = categories
        self._random = random.Random(0)
        # Black is VOID. A thing must not take the colour of a stuff category.
        self._taken = {(0, 0, 0)}
        self._taken |= {
            tuple(category['color'])
            for category in categories.values()
            if not category['isthing']
        }

    def get_color(self, category_id: int) -> list[int]:
        """The colour [R, G, B] of a new segment of the category."""
        category = self.categories[category_id]
        base = tuple(category['color'])
        if not category['isthing']:
            return list(base)
        color, spread = base, 8
        while color in self._taken:
            color = tuple(
                min(max(channel + self._random.randint(-spread, spread), 0), 255)
                for channel in base
            )
            # Ever wider, so that the search ends however many are taken.
            spread = min(spread + 1, 255)
        self._taken.add(color)
        return list(color)

    def get_id(self, category_id: int) -> int:
        """The id of a new segment of the category."""
        return rgb2id(self.get_color(category_id))

    def get_id_and_color(self, category_id: int) -> tuple[int, list[int]]:
        """The id and the colour of a new segment of the category."""
        color = self.get_color(category_id)
        return rgb2id(color), color


def save_json(data: dict | list, save_file: str | Path) -> None:
    """Write `data` as JSON, making the folder where it is missing."""
    path = Path(save_file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding='utf-8')
