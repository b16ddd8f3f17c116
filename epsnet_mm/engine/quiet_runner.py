"""A runner whose console shows progress and results only."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.logging import MMLogger
from mmengine.runner import Runner
from rich.console import Console
from rich.logging import RichHandler
from torch import nn

from .hooks import ProgressBarHook


class QuietRunner(Runner):
    """`Runner` that shows a progress bar, and sends the rest to its log file.

    The console shows the name of the log file, a bar with the time left, the
    metrics of each evaluation, warnings and errors. MMEngine's description of the
    machine, the config, the hooks, and what libraries print are in the log file.
    """

    def build_logger(self, *args, **kwargs) -> MMLogger:
        """Build the usual logger, then let only warnings reach the console."""
        logger = super().build_logger(*args, **kwargs)
        if is_main_process():
            logger.handlers = [
                handler
                for handler in logger.handlers
                if isinstance(handler, logging.FileHandler)
            ]
            logger.addHandler(_console_handler())
            print(f'Log file: {logger.log_file}', flush=True)
        return logger

    def register_default_hooks(self, hooks: dict[str, Hook | dict] | None = None):
        """Register the usual hooks and the progress bar."""
        super().register_default_hooks(hooks)
        self._progress_bar = ProgressBarHook()
        self.register_hook(self._progress_bar)

    def train(self) -> nn.Module:
        """Train, see `Runner.train`."""
        with self._quiet():
            return super().train()

    def val(self) -> dict:
        """Validate, see `Runner.val`."""
        with self._quiet():
            return super().val()

    def test(self) -> dict:
        """Test, see `Runner.test`."""
        with self._quiet():
            return super().test()

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Send printed text to the log; leave no bar behind, whatever happens."""
        try:
            with redirect_stdout(_LogStream(self.logger)):
                yield
        finally:
            self._progress_bar.close()


def _console_handler() -> logging.Handler:
    """Warnings and errors, but not that upstream will rename something."""
    handler = RichHandler(
        logging.WARNING, Console(stderr=True), show_time=False, show_path=False
    )
    handler.addFilter(lambda record: 'will be deprecated' not in record.getMessage())
    return handler


class _LogStream(io.TextIOBase):
    """A stream whose lines become messages of a logger.

    Args:
        logger: Takes the lines as information.
    """

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._line = ''

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Log the complete lines, and keep the rest for the next call."""
        *lines, self._line = (self._line + text).split('\n')
        for line in filter(str.strip, lines):
            self._logger.info(line)
        return len(text)
