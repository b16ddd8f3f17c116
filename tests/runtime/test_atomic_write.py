import os

from epsnet_runtime.atomic_write import write_atomically

import pytest


def test_new_folder_and_replacement(tmp_path):
    path = tmp_path / 'new/a.txt'
    for content in (b'first', b'second'):
        write_atomically(content, path)
        assert path.read_bytes() == content
    assert [x.name for x in path.parent.iterdir()] == ['a.txt']


def test_durable_file_is_synced_before_it_takes_the_name(tmp_path, monkeypatch):
    calls = []
    for name in ('fsync', 'replace'):
        original = getattr(os, name)

        def record(*args, name=name, original=original):
            calls.append(name)
            return original(*args)

        monkeypatch.setattr(os, name, record)
    write_atomically(b'x', tmp_path / 'a.txt')
    assert calls == ['replace']
    calls.clear()
    write_atomically(b'x', tmp_path / 'a.txt', durable=True)
    # The file, its name, and the folder that holds the name.
    assert calls == ['fsync', 'replace', 'fsync'][: 3 if os.name == 'posix' else 2]


def test_a_failure_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / 'a.txt'
    path.write_bytes(b'old')

    def fail(*_):
        raise OSError('disk full')

    monkeypatch.setattr(os, 'replace', fail)
    with pytest.raises(OSError, match=r'Could not write .*a.txt \(disk full\)'):
        write_atomically(b'new', path)
    assert [x.name for x in tmp_path.iterdir()] == ['a.txt']
    assert path.read_bytes() == b'old'
