"""Progress of long work, on stderr, so that stdout can go to a file."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

Item = TypeVar('Item')


def progress_bar(disable: bool = False) -> Progress:
    """An empty display: each task that is added to it becomes a bar.

    Args:
        disable: Show nothing.
    """
    return Progress(
        TextColumn('{task.description}'),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn('{task.percentage:>3.0f} %'),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
        disable=disable,
    )


def show_progress(
    items: Iterable[Item], what: str, total: int | None = None, disable: bool = False
) -> Iterator[Item]:
    """Pass items on while a bar shows how many are done and the time left.

    Args:
        items: What is worked on.
        what: Word before the bar.
        total: Number of items, if they don't know it themselves.
        disable: Show no bar.
    """
    with progress_bar(disable) as bar:
        task = bar.add_task(what, total=None)
        yield from bar.track(items, total, task_id=task)
        # Items that don't know their number are counted by now: 100 %.
        bar.update(task, total=bar.tasks[0].completed)
