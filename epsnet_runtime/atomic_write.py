"""Writes files that appear complete or not at all."""

import os
from pathlib import Path


def write_atomically(content: bytes, path: Path, durable: bool = False) -> None:
    """Write a file, and its folder where there is none.

    The content goes to a temporary file beside it, which then takes the name: an
    interrupted run leaves the old file or none.

    Args:
        content: The whole file.
        path: The file; replaced if it exists.
        durable: Wait until it is on the disk, so that a power failure leaves one
            of the two files as well.

    Raises:
        OSError: If the file can't be written.
    """
    # Several processes may write the same file.
    partial = path.with_name(f'.{path.name}.{os.getpid()}.partial')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open('wb') as file:
                file.write(content)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            os.replace(partial, path)
            if durable:
                _sync_folder(path.parent)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(
            f'Could not write {path} ({error}): check the free space of the disk '
            'and the rights on the folder.'
        ) from error


def _sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk, where the system can do that."""
    if os.name != 'posix':
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
