"""Progress of long work, on stderr, so that stdout can go to a file."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Item = TypeVar('Item')


def show_progress(
    items: Iterable[Item], what: str, total: int | None = None
) -> Iterator[Item]:
    """Pass items on while a bar shows how many are done and the time left.

    Args:
        items: What is worked on.
        what: Word before the bar.
        total: Number of items, if they don't know it themselves.
    """
    yield from track(items, description=what, total=total, console=Console(stderr=True))
