"""Files of MMEngine's file interface that are complete or absent."""

import os

from epsnet_mm.engine.atomic_local_backend import AtomicLocalBackend

import pytest
import torch
from mmengine.fileio import get_file_backend
from mmengine.runner import save_checkpoint

ARGS = dict(backend='AtomicLocalBackend')


def test_mmengine_finds_it():
    backend = get_file_backend('a.pth', backend_args=ARGS)
    assert isinstance(backend, AtomicLocalBackend)


def test_bytes_and_text(tmp_path):
    backend = AtomicLocalBackend()
    backend.put(b'bytes', tmp_path / 'new/a')
    backend.put_text('ä', str(tmp_path / 'new/b'))
    assert backend.get(tmp_path / 'new/a') == b'bytes'
    assert backend.get_text(tmp_path / 'new/b') == 'ä'


def test_checkpoint_keeps_its_old_content_if_writing_fails(tmp_path, monkeypatch):
    path = str(tmp_path / 'epoch_1.pth')
    save_checkpoint(dict(value=1), path, backend_args=ARGS)

    def fail(*_):
        raise OSError('killed')

    monkeypatch.setattr(os, 'fsync', fail)
    with pytest.raises(OSError, match='killed'):
        save_checkpoint(dict(value=2), path, backend_args=ARGS)
    assert torch.load(path) == dict(value=1)
    assert [x.name for x in tmp_path.iterdir()] == ['epoch_1.pth']
