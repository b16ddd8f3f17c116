"""Lists the files of a folder."""

import os
from collections.abc import Iterator
from pathlib import Path


def files_in(folder: str | Path) -> list[Path]:
    """All files in a folder and in those inside it, sorted.

    Links to folders are followed, unless they lead back. A link to nothing is a file,
    so that somebody hears of it. What is hidden, by a name that starts with a dot, is
    left out: copies and previews that programs keep.

    Returns:
        Their paths, which start with the folder's; none if there is no such folder.

    Raises:
        OSError: If a folder can't be read.
    """
    if not os.path.isdir(folder):
        return []
    return sorted(_walk(str(folder), frozenset()))


def _walk(folder: str, above: frozenset[str]) -> Iterator[Path]:
    real = os.path.realpath(folder)
    if real in above:
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith('.'):
                continue
            if entry.is_dir():
                yield from _walk(entry.path, above | {real})
            else:
                yield Path(entry.path)
