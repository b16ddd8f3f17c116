"""One image that is to be predicted, and its names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

import numpy as np


class Reader(Protocol):
    """Gives pixels in the one form that a network takes."""

    def read(self, path: str) -> np.ndarray:
        """Read a file or an address."""

    def convert(self, array: np.ndarray) -> np.ndarray:
        """Convert pixels."""


@dataclass
class SourceImage:
    """One image that is to be predicted.

    Args:
        source: A path or address, or pixels as `as_bgr` takes; or, for what could not
            be read, the error that `read` raises.
        file_name: The path inside the folder that was given, or its last part; for
            pixels, their number.
        stem: Name of its output files, unique among the images. It has the folders
            of `file_name`.
        image_id: Its id in COCO's format.
    """

    source: str | np.ndarray | ValueError
    file_name: str
    stem: str
    image_id: int

    def read(self, reader: Reader) -> np.ndarray:
        """The pixels in the form that a reader gives.

        Raises:
            ValueError: If the file is missing, damaged or no image, or pixels have
                a wrong form.
        """
        if isinstance(self.source, ValueError):
            raise self.source
        if isinstance(self.source, np.ndarray):
            return reader.convert(self.source)
        return reader.read(self.source)

    @property
    def path(self) -> str | None:
        """The path or address; None for pixels."""
        return self.source if isinstance(self.source, str) else None


def stem_of(file_name: str) -> str:
    """A name without its suffix, with `/` between folders."""
    return PurePath(file_name).with_suffix('').as_posix()


def image_ids(stems: Sequence[str]) -> list[int]:
    """Ids of images in COCO's format.

    They are the names of the files if all are different numbers, as COCO's are, so
    that results fit COCO's annotations; otherwise 1, 2, ...
    """
    last = [PurePath(stem).name for stem in stems]
    numeric = all(stem.isdecimal() for stem in last) and len(
        set(map(int, last))
    ) == len(last)
    return list(map(int, last)) if numeric else list(range(1, len(stems) + 1))


def unique_stems(stems: Sequence[str]) -> list[str]:
    """Append a number to stems that occur before."""
    # A name with a number must not take one that another image has by itself.
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
