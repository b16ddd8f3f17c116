"""A local disk on which files are complete or absent."""

from pathlib import Path

from epsnet_runtime.atomic_write import write_atomically

from mmengine.fileio import LocalBackend, register_backend


class AtomicLocalBackend(LocalBackend):
    """`LocalBackend` whose files appear complete or not at all.

    MMEngine opens a file under its final name and then fills it. A kill in between
    leaves the first part of a checkpoint, and the old one of that name is lost.
    """

    def put(self, obj: bytes, filepath: str | Path) -> None:
        """Write bytes under a temporary name, sync and rename.

        Raises:
            OSError: If the file can't be written.
        """
        write_atomically(obj, Path(filepath), durable=True)

    def put_text(self, obj: str, filepath: str | Path, encoding: str = 'utf-8') -> None:
        """Write text in the same way.

        Raises:
            OSError: If the file can't be written.
        """
        self.put(obj.encode(encoding), filepath)


register_backend('AtomicLocalBackend', AtomicLocalBackend, force=True)
