"""The images that an inferencer is given, and reading them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np

from ..datasets.image_file import read_image

# A path or address, (H, W, 3) uint8 BGR pixels, or a dict with either of them as
# `img_path` or `img` beside the prompts that `DetInferencer` adds.
Source = str | np.ndarray | Mapping


@dataclass
class InputImage:
    """One input of an inferencer.

    Attributes:
        source: A path or address, or (H, W, 3) uint8 BGR pixels.
        file_name: The path's last part; for pixels, their number.
        stem: Name of its output files, unique among the inputs.
        image_id: Its id in COCO's format.
        prompts: More keys for the pipeline.
    """

    source: str | np.ndarray
    file_name: str
    stem: str
    image_id: int
    prompts: dict = field(default_factory=dict)

    def read(self) -> np.ndarray:
        """Decode to (H, W, 3) uint8 BGR.

        Raises:
            ValueError: If the file is missing, damaged or no image.
        """
        if isinstance(self.source, np.ndarray):
            return self.source
        return read_image(self.source)


def name_inputs(sources: Sequence[Source]) -> list[InputImage]:
    """Give each input a name and an id.

    The id is the file's name if all names are different numbers, as COCO's
    are, so that results fit COCO's annotations; otherwise 1, 2, ...
    """
    sources, prompts = zip(*map(_split_prompts, sources), strict=True)
    names = [
        f'{number:08d}' if isinstance(source, np.ndarray) else PurePath(source).name
        for number, source in enumerate(sources)
    ]
    stems = [PurePath(name).stem for name in names]
    numeric = all(stem.isdecimal() for stem in stems) and len(
        {int(stem) for stem in stems}
    ) == len(stems)
    ids = map(int, stems) if numeric else range(1, len(stems) + 1)
    return [
        InputImage(*fields)
        for fields in zip(
            sources, names, _make_unique(stems), ids, prompts, strict=True
        )
    ]


def _split_prompts(source: Source) -> tuple[str | np.ndarray, dict]:
    if not isinstance(source, Mapping):
        return source, {}
    prompts = {key: source[key] for key in source if key not in ('img', 'img_path')}
    return source['img'] if 'img' in source else source['img_path'], prompts


def _make_unique(stems: Sequence[str]) -> list[str]:
    """Append a number to stems that occur before."""
    # A name with a number must not take one that another input has by itself.
    given, used = set(stems), set()
    unique = []
    for position, stem in enumerate(stems, 1):
        name, number = stem, position
        while name in used or (name != stem and name in given):
            name = f'{stem}_{number}'
            number += 1
        used.add(name)
        unique.append(name)
    return unique
