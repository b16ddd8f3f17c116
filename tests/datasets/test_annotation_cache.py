"""Entries of the cache: stored, shared, damaged, not storable."""

import os
import shutil
import threading
import time

from epsnet_mm.datasets import annotation_cache
from epsnet_mm.datasets.annotation_cache import (
    ParsedAnnotations,
    cache_key,
    load_or_parse,
)

import numpy as np
import pytest


def make(*values: int) -> ParsedAnnotations:
    return ParsedAnnotations(
        np.array(values, np.uint8), np.array([len(values)]), dict(names=['a', 'b'])
    )


def refuse() -> ParsedAnnotations:
    raise AssertionError('parsed, though it is in the cache')


def test_key_depends_on_content_and_options(tmp_path):
    path = tmp_path / 'a.json'
    keys = set()
    for content in ('1', '2'):
        path.write_text(content)
        keys |= {cache_key(str(path)), cache_key(str(path), 1), cache_key(str(path), 2)}
    assert len(keys) == 6
    # A file elsewhere with the same content has the same key.
    (tmp_path / 'b.json').write_text('2')
    assert cache_key(str(tmp_path / 'b.json'), 2) in keys


def test_stored_once(tmp_path):
    folder = str(tmp_path / 'new/cache')
    for parse in (lambda: make(1, 2, 3), refuse):
        parsed = load_or_parse(folder, 'key', parse)
        assert parsed.data_bytes.tolist() == [1, 2, 3]
        assert parsed.data_address.tolist() == [3]
        assert parsed.state == dict(names=['a', 'b'])
        assert isinstance(parsed.data_bytes, np.memmap)
    other = load_or_parse(folder, 'other', lambda: make(4))
    assert other.data_bytes.tolist() == [4]


def test_concurrent_starts_parse_once(tmp_path):
    calls, results = [], []

    def parse() -> ParsedAnnotations:
        calls.append(1)
        time.sleep(0.2)
        return make(7)

    def start() -> None:
        results.append(load_or_parse(str(tmp_path), 'key', parse).data_bytes.tolist())

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[7]] * 4
    assert len(calls) == 1


def test_failed_parse_leaves_nothing_and_frees_the_lock(tmp_path):
    def fail() -> ParsedAnnotations:
        raise ValueError('bad file')

    with pytest.raises(ValueError, match='bad file'):
        load_or_parse(str(tmp_path), 'key', fail)
    assert load_or_parse(str(tmp_path), 'key', lambda: make(1)).data_bytes[0] == 1


@pytest.mark.parametrize('name', ['data_bytes.npy', 'data_address.npy', 'state.json'])
@pytest.mark.parametrize('share', [0, 0.99])
def test_damaged_entry_is_replaced(tmp_path, name, share):
    load_or_parse(str(tmp_path), 'key', lambda: make(*range(200)))
    path = tmp_path / 'key' / name
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    for parse in (lambda: make(9), refuse):
        assert load_or_parse(str(tmp_path), 'key', parse).data_bytes.tolist() == [9]
    assert not list(tmp_path.glob('.partial*'))


def test_entry_that_is_deleted_while_in_use(tmp_path):
    parsed = load_or_parse(str(tmp_path), 'key', lambda: make(1, 2))
    shutil.rmtree(tmp_path / 'key')
    assert parsed.data_bytes.tolist() == [1, 2]


def test_folder_that_cannot_be_written(tmp_path):
    (tmp_path / 'file').write_text('')
    parsed = load_or_parse(str(tmp_path / 'file'), 'key', lambda: make(5))
    assert parsed.data_bytes.tolist() == [5]


def test_no_home_folder(monkeypatch):
    monkeypatch.setattr('os.path.expanduser', lambda path: path)
    parsed = load_or_parse('~/cache', 'key', lambda: make(5))
    assert parsed.data_bytes.tolist() == [5]


def test_the_entries_that_were_used_last_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(annotation_cache, 'MAX_ENTRIES', 2)
    (tmp_path / 'notes').mkdir()
    for age, key in enumerate(('first', 'second')):
        load_or_parse(str(tmp_path), key, lambda: make(1))
        os.utime(tmp_path / key, (age, age))
    # Used again, so the second one is now the oldest.
    load_or_parse(str(tmp_path), 'first', refuse)
    load_or_parse(str(tmp_path), 'third', lambda: make(3))
    assert {path.name for path in tmp_path.iterdir()} == {
        *('notes', 'first', 'first.lock', 'third', 'third.lock')
    }
