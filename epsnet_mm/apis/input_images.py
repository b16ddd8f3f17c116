"""The images that an inferencer is given, and reading them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from ..datasets.image_file import read_image


@dataclass
class InputImage:
    """One input of an inferencer.

    Attributes:
        source: A path or address, or (H, W, 3) uint8 BGR pixels.
        file_name: The path's last part; for pixels, their number.
        stem: Name of its output files, unique among the inputs.
        image_id: Its id in COCO's format.
    """

    source: str | np.ndarray
    file_name: str
    stem: str
    image_id: int

    def read(self) -> np.ndarray:
        """Decode to (H, W, 3) uint8 BGR.

        Raises:
            ValueError: If the file is missing, damaged or no image.
        """
        if isinstance(self.source, np.ndarray):
            return self.source
        return read_image(self.source)


def name_inputs(sources: Sequence[str | np.ndarray]) -> list[InputImage]:
    """Give each input a name and an id.

    The id is the file's name if all names are different numbers, as COCO's
    are, so that results fit COCO's annotations; otherwise 1, 2, ...
    """
    names = [
        f'{number:08d}' if isinstance(source, np.ndarray) else PurePath(source).name
        for number, source in enumerate(sources)
    ]
    stems = [PurePath(name).stem for name in names]
    numeric = all(stem.isdecimal() for stem in stems) and len(
        {int(stem) for stem in stems}
    ) == len(stems)
    images = []
    used = set()
    for number, (source, name, stem) in enumerate(
        zip(sources, names, stems, strict=True), 1
    ):
        unique = stem
        if unique in used:
            unique = f'{stem}_{number}'
        used.add(unique)
        images.append(
            InputImage(source, name, unique, int(stem) if numeric else number)
        )
    return images
