"""Counts what a process writes to a folder, and kills it at one of these moments."""

import os
import signal
import sys
from pathlib import Path

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_PATH_EVENTS = ('os.rename', 'os.remove', 'os.mkdir', 'os.rmdir', 'os.truncate')


class Writes:
    """Writes to a folder, as Python's audit events tell them before they happen.

    Args:
        folder: Only what is below it counts.
        kill_at: Number of the event at which this process kills itself.
        torn: Leave a part of the file of that event behind, as a process does that
            is killed while it writes.

    Attributes:
        events: Whether each event so far opens a file; the others rename or remove.
    """

    def __init__(
        self, folder: Path, kill_at: int | None = None, torn: bool = False
    ) -> None:
        self._folder = str(folder.resolve())
        self._kill_at = kill_at
        self._torn = torn
        self._process = os.getpid()
        self._busy = False
        self.events: list[bool] = []

    def watch(self) -> None:
        """Begin; there is no end, because audit hooks cannot be removed."""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple) -> None:
        # Data workers inherit the hook; they write nothing here.
        if self._busy or event not in ('open', *_PATH_EVENTS):
            return
        if os.getpid() != self._process or not isinstance(args[0], str | os.PathLike):
            return
        opens = event == 'open'
        if opens and not (args[2] or 0) & _WRITES:
            return
        path = os.path.abspath(args[0])
        if not path.startswith(self._folder):
            return
        if self._kill_at == len(self.events):
            self._busy = True
            if opens and self._torn:
                self._tear(path, append=bool((args[2] or 0) & os.O_APPEND))
            os.kill(os.getpid(), signal.SIGKILL)
        self.events.append(opens)

    @staticmethod
    def _tear(path: str, append: bool) -> None:
        with open(path, 'ab' if append else 'wb') as file:
            file.write(b'{"torn": ')
