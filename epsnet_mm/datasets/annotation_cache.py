"""Keeps parsed annotations on disk, so that one process parses for all.

Each rank of a job needs the same parsed annotation file. The first one parses it and
stores the result; the others map the stored bytes into memory, where they are shared.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from mmengine.logging import print_log

# Seconds to wait for the process that parses, before parsing as well.
LOCK_TIMEOUT = 900
# Entries that are kept: those that were used last.
MAX_ENTRIES = 20


@dataclass
class ParsedAnnotations:
    """A dataset's entries, serialized as in MMEngine's `BaseDataset`.

    Attributes:
        data_bytes: (B,) uint8, the pickled entries one after the other.
        data_address: (N,) int64, where each entry ends.
        state: What else the dataset needs to know; values that JSON has.
    """

    data_bytes: np.ndarray
    data_address: np.ndarray
    state: dict


def cache_key(path: str, *options: object) -> str:
    """A name for what the content of a file and some options give.

    Args:
        path: A local file.
        *options: Values with a stable `repr`.
    """
    digest = hashlib.blake2b(repr(options).encode(), digest_size=16)
    with open(path, 'rb') as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


def load_or_parse(
    cache_dir: str, key: str, parse: Callable[[], ParsedAnnotations]
) -> ParsedAnnotations:
    """Load an entry of the cache, or parse and store it.

    Of several processes that start together, one parses and the others wait for it.
    A cache that cannot be used costs time, never the job: a warning is logged and
    each process parses by itself. Of the entries, the `MAX_ENTRIES` that were used last
    are kept.

    Args:
        cache_dir: Folder of the cache; made if it does not exist. Entries are
            pickles, so nobody else should be able to write there.
        key: See `cache_key`.
        parse: Makes the entry.
    """
    try:
        folder = Path(cache_dir).expanduser() / key
        parsed = _load(folder)
        if parsed is not None:
            return parsed
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f'{folder}.lock', timeout=LOCK_TIMEOUT)
        lock.acquire()
    # No home folder, no right to write, no locks on this file system.
    except (RuntimeError, OSError, NotImplementedError, Timeout) as error:
        _warn(cache_dir, error)
        return parse()
    try:
        parsed = _load(folder)
        if parsed is None:
            parsed = parse()
            _store(parsed, folder)
            # The stored copy takes no memory of this process.
            parsed = _load(folder) or parsed
    finally:
        lock.release()
    return parsed


def _load(folder: Path) -> ParsedAnnotations | None:
    """The entry in a folder; None if it is missing or damaged."""
    try:
        parsed = ParsedAnnotations(
            np.load(folder / 'data_bytes.npy', mmap_mode='r'),
            np.load(folder / 'data_address.npy'),
            json.loads((folder / 'state.json').read_text(encoding='utf-8')),
        )
        complete = parsed.data_address[-1] == len(parsed.data_bytes)
        # Now it is the one that was used last.
        os.utime(folder)
    except (OSError, EOFError, ValueError, IndexError):
        return None
    return parsed if complete else None


def _store(parsed: ParsedAnnotations, folder: Path) -> None:
    """Write an entry; it appears at once, when it is complete."""
    partial = None
    try:
        partial = Path(tempfile.mkdtemp(prefix='.partial-', dir=folder.parent))
        np.save(partial / 'data_bytes.npy', parsed.data_bytes)
        np.save(partial / 'data_address.npy', parsed.data_address)
        (partial / 'state.json').write_text(json.dumps(parsed.state), encoding='utf-8')
        # A damaged entry may be in the way.
        shutil.rmtree(folder, ignore_errors=True)
        partial.replace(folder)
        _remove_old_entries(folder.parent)
    except OSError as error:
        _warn(str(folder.parent), error)
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)


def _remove_old_entries(cache: Path) -> None:
    """Remove all entries but the `MAX_ENTRIES` that were used last.

    A process that has one in memory keeps it; one that has just found it parses again.
    """
    # Nothing else that may be in the folder is touched.
    entries = [file.parent for file in cache.glob('*/data_address.npy')]
    entries.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in entries[MAX_ENTRIES:]:
        shutil.rmtree(folder, ignore_errors=True)
        Path(f'{folder}.lock').unlink(missing_ok=True)


def _warn(cache_dir: str, error: Exception) -> None:
    print_log(
        f'Cannot keep parsed annotations in {cache_dir} ({error}): every process '
        'parses the annotation file. Set `cache_dir` of the dataset to a folder that '
        'can be written, or to None.',
        logger='current',
        level=logging.WARNING,
    )
