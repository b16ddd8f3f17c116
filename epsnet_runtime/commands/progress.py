"""Progress of a command, on stderr: images per second and the time left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..optional import require


@contextmanager
def show_speed(total: int | None, disable: bool = False) -> Iterator[Callable]:
    """Show a bar; gives a function to be called with the number of finished images.

    At the end it is called with this number as total, too: what files declare may
    differ.

    Args:
        total: Number of images; None if unknown.
        disable: Show nothing.
    """
    rich = require('rich.progress', 'rich', 'The progress bar')
    console = require('rich.console', 'rich', 'The progress bar').Console(stderr=True)

    class Speed(rich.ProgressColumn):
        """Images per second."""

        def render(self, task: object) -> str:
            speed = task.finished_speed or task.speed
            return '' if speed is None else f'{speed:.3g} images/s'

    columns = [
        rich.TextColumn('{task.description}'),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        Speed(),
        rich.TimeRemainingColumn(elapsed_when_finished=True),
    ]
    with rich.Progress(*columns, console=console, disable=disable) as bar:
        # Speed is that of the last minute.
        task = bar.add_task('Predict', total=total)
        yield lambda done, total=total: bar.update(task, completed=done, total=total)
