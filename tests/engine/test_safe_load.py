"""Checkpoints load as data only, whatever path leads to them."""

import io
import pickle

from epsnet_mm.engine.safe_load import (
    install_safe_load,
    load_url_weights_only,
    load_weights_only,
)

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import checkpoint as checkpoint_module
from mmengine.runner.checkpoint import CheckpointLoader


class Mischief:
    """Runs code when unpickled: creates the file `path`."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), 'w')


def test_training_checkpoint_loads(tmp_path):
    history = HistoryBuffer([1.0, 2.0, 6.0], [1, 1, 1])
    checkpoint = dict(
        meta=dict(epoch=3, dataset_meta=dict(classes=('a', 'b'), palette=[(1, 2, 3)])),
        state_dict={'w': torch.arange(3.0)},
        message_hub=dict(
            log_scalars={'train/loss': history},
            runtime_info=dict(
                best=np.float64(0.5), ids=np.arange(3), names=np.array(['x'])
            ),
        ),
    )
    path = tmp_path / 'ok.pth'
    torch.save(checkpoint, path)

    loaded = load_weights_only(path)

    assert loaded['state_dict']['w'].tolist() == [0, 1, 2]
    assert loaded['message_hub']['log_scalars']['train/loss'].mean() == 3
    assert loaded['message_hub']['runtime_info']['best'] == 0.5
    assert loaded['meta']['dataset_meta']['classes'] == ('a', 'b')


@pytest.mark.parametrize(
    'load',
    [
        load_weights_only,
        lambda path: CheckpointLoader.load_checkpoint(str(path), 'cpu'),
        lambda path: load_weights_only(io.BytesIO(path.read_bytes())),
    ],
)
def test_code_in_a_checkpoint_is_not_run(tmp_path, load):
    install_safe_load()
    path, trace = tmp_path / 'evil.pth', tmp_path / 'trace'
    torch.save(dict(state_dict={}, extra=Mischief(trace)), path)

    with pytest.raises(ValueError, match=r'open, which could run code'):
        load(path)

    assert not trace.exists()


def test_installing_twice_changes_nothing():
    install_safe_load()
    install_safe_load()
    assert checkpoint_module._safe_torch_load is load_weights_only
    assert checkpoint_module.load_url is load_url_weights_only


def test_error_names_the_file(tmp_path):
    path = tmp_path / 'evil.pth'
    torch.save(Mischief(tmp_path / 'trace'), path)
    with pytest.raises(ValueError, match=r'evil.pth holds a Python object'):
        load_weights_only(path)


def test_downloads_are_loaded_safely(tmp_path, monkeypatch):
    path = tmp_path / 'evil.pth'
    torch.save(Mischief(tmp_path / 'trace'), path)
    address = 'https://example.invalid/evil.pth'
    with pytest.raises(ValueError, match=address):
        # The file is in the cache, so nothing is downloaded.
        load_url_weights_only(address, model_dir=str(tmp_path))
    assert not (tmp_path / 'trace').exists()


def test_getattr_is_limited_to_history_methods(tmp_path):

    class Reach:
        def __reduce__(self):
            return getattr, (HistoryBuffer, '__init__')

    path = tmp_path / 'reach.pth'
    torch.save(Reach(), path)
    with pytest.raises(ValueError, match=r'reach.pth'):
        load_weights_only(path)


@pytest.mark.parametrize(
    'content',
    [
        b'hello, I am text',
        b'',
        pickle.dumps([1, 2])[:-3],
        b'PK\x03\x04 a truncated archive',
    ],
)
def test_file_that_is_no_checkpoint(tmp_path, content):
    path = tmp_path / 'notes.pth'
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r'notes.pth is not a PyTorch check'):
        load_weights_only(path)


def test_unsafe_mode_is_refused(tmp_path):
    with pytest.raises(ValueError, match='weights_only=False'):
        load_weights_only(tmp_path / 'x.pth', weights_only=False)


def test_config_that_resuming_would_execute_is_dropped(tmp_path):
    path = tmp_path / 'old.pth'
    torch.save(dict(meta=dict(config='import os', epoch=1)), path)
    assert load_weights_only(path)['meta'] == dict(epoch=1)
