"""Finds images that are in a dataset twice, by their content."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ..annotation_cache import cache_key


def duplicate_images(paths: Iterable[str]) -> Iterator[Sequence[str]]:
    """Find files of the same content.

    Only files of the same size are read.

    Args:
        paths: Image files; a missing one is left out.

    Yields:
        The names of each group of equal files, in the order of `paths`.
    """
    by_size = defaultdict(list)
    for path in dict.fromkeys(paths):
        try:
            by_size[os.path.getsize(path)].append(path)
        except (OSError, ValueError):
            continue
    for same_size in by_size.values():
        if len(same_size) == 1:
            continue
        by_content = defaultdict(list)
        for path in same_size:
            by_content[cache_key(path)].append(path)
        yield from (group for group in by_content.values() if len(group) > 1)
