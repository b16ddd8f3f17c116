"""Reads per-pixel class masks."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

# Marks unlabelled pixels in a map of category ids.
UNLABELLED = -1
# Gray values that are unlabelled unless they are ids of classes.
_UNLABELLED_VALUES = (0, 255)
# Formats that do not keep the value of each pixel.
_LOSSY = ('JPEG', 'MPO')
# So many masks tell whether all of them are binary.
ENOUGH_MASKS = 20


class LabelMapReader:
    """Reads masks with one class per pixel.

    Masks of 0 and 255 only are most often binary masks of one class. They are
    refused unless 255 is a class, or was said to be unlabelled.

    Args:
        categories: The classes.
        ignored: Values of gray masks that are unlabelled, unless they are ids of
            classes. 0 and 255 are unlabelled in any case.
    """

    def __init__(self, categories: Sequence[dict], ignored: Sequence[int] = ()) -> None:
        self.categories = categories
        self.ignored = ignored
        ids = {category['id']: category['id'] for category in categories}
        self._table = dict.fromkeys((*_UNLABELLED_VALUES, *ignored), UNLABELLED) | ids
        self._values: set[int] = set()
        self._num_read = 0

    def read(self, path: str) -> np.ndarray:
        """Read a mask.

        Args:
            path: A PNG of category ids (gray or palette indices), or of the
                categories' colors (RGB), where black is unlabelled.

        Returns:
            (H, W) int64 category ids or `UNLABELLED`.

        Raises:
            ValueError: If it can't be read, or has a value that is no class.
        """
        try:
            # Reading alone does not compare the checksums of a PNG.
            with Image.open(path) as image:
                image.verify()
            with Image.open(path) as image:
                is_lossy = image.format in _LOSSY
                values = np.array(image)
                is_color = image.mode in ('RGB', 'RGBA')
        # The decoders raise whatever they meet in a damaged file.
        except Exception as error:
            raise ValueError(
                f'Cannot read the mask {path}: {error}; replace the file.'
            ) from None
        if is_lossy:
            raise ValueError(
                f'The mask {path} is a JPEG, which changes the values of pixels: make '
                'it again as a PNG.'
            )
        if not is_color and values.ndim != 2:
            raise ValueError(
                f'The mask {path} has {values.shape[2]} channels: '
                'write it as gray values, palette indices or RGB.'
            )
        table = self._table
        if is_color:
            values = values[..., :3].astype(np.int64) @ [65536, 256, 1]
            table = _color_table(path, self.categories)
        found, index = np.unique(values, return_inverse=True)
        for value in found.tolist():
            if value not in table:
                raise ValueError(_unknown_value(path, value, is_color))
        if not is_color:
            self._values.update(found.tolist())
        self._num_read += 1
        ids = np.array([table[value] for value in found.tolist()], dtype=np.int64)
        return ids[index.reshape(values.shape)]

    def check_values(self, num_enough: int = 1) -> None:
        """Check that the masks aren't binary masks of one class.

        Args:
            num_enough: With fewer masks than that, nothing is checked.

        Raises:
            ValueError: If they are.
        """
        if self._num_read < num_enough:
            return
        is_explained = 255 in self.ignored or self._table[255] != UNLABELLED
        if 255 in self._values and self._values <= {0, 255} and not is_explained:
            raise ValueError(
                'The masks have no other values than 0 and 255, and 255 means '
                'unlabelled: give the class that 255 stands for the id 255 in the '
                'class list, or pass --ignore 255 if it is unlabelled.'
            )


def _unknown_value(path: str, value: int, is_color: bool) -> str:
    shown = f'color #{value:06x}' if is_color else f'value {value}'
    remedy = '' if is_color else f', or pass --ignore {value} if it means unlabelled'
    return (
        f'The mask {path} has the {shown}, which is no class: add it to the class '
        f'list{remedy}.'
    )


def _color_table(path: str, categories: Sequence[dict]) -> dict[int, int]:
    table = {0: UNLABELLED}
    for category in categories:
        if 'color' not in category:
            raise ValueError(
                f'The mask {path} is in color, but the class '
                f'{category["name"]} has no `color`: add it to the class list.'
            )
        r, g, b = category['color']
        table[65536 * r + 256 * g + b] = category['id']
    return table
