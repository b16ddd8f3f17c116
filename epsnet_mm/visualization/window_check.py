"""Whether pictures can be shown in a window."""

from matplotlib import pyplot


def require_window() -> None:
    """Check that there is a screen.

    MMEngine waits for a key, and without a screen that would be for ever.

    Raises:
        ValueError: If Matplotlib finds none.
    """
    if pyplot.get_backend().lower() == 'agg':
        raise ValueError(
            '--show needs a screen, and Matplotlib finds none (no DISPLAY, or no GUI '
            'package such as tkinter or PyQt); leave --show out and look at the files.'
        )
