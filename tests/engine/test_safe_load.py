"""Checkpoints load as data only, whatever path leads to them."""

import io
import pickle

from epsnet_mm.engine import safe_globals, safe_load
from epsnet_mm.engine.safe_load import (
    install_safe_load,
    load_url_weights_only,
    load_weights_only,
)

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.model import BaseModule
from mmengine.runner import checkpoint as checkpoint_module
from mmengine.runner.checkpoint import CheckpointLoader
from torch import nn

ADDRESS = 'https://example.invalid/weights.pth'


class Mischief:
    """Runs code when unpickled: creates the file `path`."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), 'w')


def hub_cache(folder, monkeypatch):
    """Make PyTorch look for downloads in a folder; returns the one for `ADDRESS`."""
    monkeypatch.setattr(torch.hub, '_hub_dir', str(folder))
    path = folder / 'checkpoints/weights.pth'
    path.parent.mkdir()
    return path


def from_torchvision(monkeypatch):
    monkeypatch.setattr(
        checkpoint_module, 'get_torchvision_models', lambda: {'resnet0': ADDRESS}
    )
    CheckpointLoader.load_checkpoint('torchvision://resnet0', 'cpu')


def pretrained(source):
    class Part(BaseModule):
        def __init__(self):
            super().__init__(init_cfg=dict(type='Pretrained', checkpoint=source))
            self.layer = nn.Linear(1, 1)

    Part().init_weights()


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


@pytest.mark.parametrize('written', [b'numpy.core.', b'numpy._core.'])
def test_numbers_of_either_numpy(tmp_path, written):
    """A file that NumPy 1 has written loads under NumPy 2, and the other way round."""
    # The old format is no archive, so that its bytes can be exchanged.
    path = tmp_path / 'old.pth'
    torch.save(dict(best=np.float64(0.5)), path, _use_new_zipfile_serialization=False)
    content = path.read_bytes()
    ours = b'numpy._core.' if b'numpy._core.' in content else b'numpy.core.'
    assert ours in content
    path.write_bytes(content.replace(ours, written))
    assert load_weights_only(path)['best'] == 0.5


@pytest.mark.parametrize(
    'load',
    [
        load_weights_only,
        lambda path: load_weights_only(io.BytesIO(path.read_bytes())),
        lambda path: CheckpointLoader.load_checkpoint(str(path), 'cpu'),
        lambda path: checkpoint_module.load_checkpoint(nn.Linear(1, 1), str(path)),
        lambda path: checkpoint_module._load_checkpoint_with_prefix('a', str(path)),
        lambda path: pretrained(str(path)),
    ],
)
def test_code_in_a_file_is_not_run(tmp_path, load):
    install_safe_load()
    path, trace = tmp_path / 'evil.pth', tmp_path / 'trace'
    torch.save(dict(state_dict={}, extra=Mischief(trace)), path)

    with pytest.raises(ValueError, match=r'open, which could run code'):
        load(path)

    assert not trace.exists()


@pytest.mark.parametrize(
    'load',
    [
        lambda _: load_url_weights_only(ADDRESS),
        lambda _: CheckpointLoader.load_checkpoint(ADDRESS, 'cpu'),
        lambda _: pretrained(ADDRESS),
        from_torchvision,
    ],
)
def test_code_in_a_download_is_not_run(tmp_path, monkeypatch, load):
    install_safe_load()
    trace = tmp_path / 'trace'
    torch.save(Mischief(trace), hub_cache(tmp_path, monkeypatch))

    with pytest.raises(ValueError, match=f'{ADDRESS} holds a Python object'):
        load(monkeypatch)

    assert not trace.exists()


def test_downloads_are_found_where_pytorch_puts_them(tmp_path, monkeypatch):
    state = {'w': torch.ones(1)}
    torch.save(state, hub_cache(tmp_path, monkeypatch))
    assert load_url_weights_only(ADDRESS) == state
    torch.save(state, tmp_path / 'other.pth')
    loaded = load_url_weights_only(
        ADDRESS, model_dir=str(tmp_path), file_name='other.pth', map_location='cpu'
    )
    assert loaded == state


def test_installing_twice_changes_nothing():
    install_safe_load()
    install_safe_load()
    assert checkpoint_module.torch.load is load_weights_only
    assert checkpoint_module.torch.nn is torch.nn
    assert checkpoint_module.load_url is load_url_weights_only
    assert torch.load is not load_weights_only


def test_unknown_mmengine_is_refused(monkeypatch):
    monkeypatch.delattr(checkpoint_module, 'load_url')
    with pytest.raises(ImportError, match='load_url is missing'):
        install_safe_load()


def test_getattr_is_limited_to_history_methods(tmp_path):

    class Reach:
        def __reduce__(self):
            return getattr, (HistoryBuffer, '__init__')

    path = tmp_path / 'reach.pth'
    torch.save(Reach(), path)
    with pytest.raises(ValueError, match=r'reach.pth holds .* builtins.getattr'):
        load_weights_only(path)


@pytest.mark.parametrize(
    'content',
    [
        b'hello, I am text',
        b'',
        pickle.dumps([1, 2])[:-3],
        b'PK\x03\x04 a truncated archive',
        # A call without its arguments: a TypeError in the unpickler.
        b'\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.',
    ],
)
def test_file_that_is_no_checkpoint(tmp_path, content):
    path = tmp_path / 'notes.pth'
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r'notes.pth is not a PyTorch check'):
        load_weights_only(path)


@pytest.mark.filterwarnings('ignore:Detected pickle protocol')
def test_damaged_old_files():
    """The old format has no checksums: what is found is found while reading."""
    saved = io.BytesIO()
    state = {'w': torch.arange(3.0), 'b': torch.ones(2)}
    torch.save(dict(state_dict=state), saved, _use_new_zipfile_serialization=False)
    refused = 0
    for position in range(len(saved.getvalue())):
        content = bytearray(saved.getvalue())
        content[position] ^= 1 << position % 8
        try:
            load_weights_only(io.BytesIO(bytes(content)))
        except ValueError:
            refused += 1
    assert refused > len(saved.getvalue()) / 2


def test_places_beyond_a_damaged_file(tmp_path):
    """Reading there is an error of the system, which is not about the disk."""
    path = tmp_path / 'a.pth'
    torch.save(dict(state_dict={'w': torch.arange(3.0)}), path)
    whole = path.read_bytes()
    # Where the archive says that its directory begins.
    for position in range(len(whole) - 22, len(whole)):
        for value in (0x7F, 0xFF):
            damaged = bytearray(whole)
            damaged[position] = value
            path.write_bytes(damaged)
            try:
                loaded = load_weights_only(str(path))
            except ValueError:
                continue
            assert loaded['state_dict']['w'].tolist() == [0, 1, 2]


def test_script_archive(tmp_path):
    path = tmp_path / 'script.pth'
    torch.jit.save(torch.jit.trace(nn.Linear(1, 1), torch.ones(1, 1)), path)
    with pytest.raises(ValueError, match=r'script.pth is a TorchScript archive'):
        load_weights_only(path)


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_weights_only(tmp_path / 'gone.pth')


def own_mistake(*args):
    raise AttributeError('a mistake of our own')


@pytest.mark.parametrize(
    ('module', 'name', 'value', 'error'),
    [
        (safe_load, 'allowed_globals', own_mistake, AttributeError),
        (safe_load, 'check_archive', own_mistake, AttributeError),
        (safe_load, 'check_checkpoint', own_mistake, AttributeError),
        # This one is called by the unpickler.
        (safe_globals, '_HISTORY_METHODS', None, TypeError),
    ],
)
def test_own_mistakes_are_not_blamed_on_the_file(
    tmp_path, monkeypatch, module, name, value, error
):
    path = tmp_path / 'ok.pth'
    torch.save(dict(state_dict={}, hub=HistoryBuffer([1.0], [1])), path)
    load_weights_only(path)
    monkeypatch.setattr(module, name, value)
    with pytest.raises(error):
        load_weights_only(path)


def test_informative_errors_are_kept(tmp_path, monkeypatch):
    def no_device(*args, **kwargs):
        raise RuntimeError('Attempting to deserialize object on a CUDA device')

    path = tmp_path / 'ok.pth'
    torch.save({}, path)
    monkeypatch.setattr(torch, 'load', no_device)
    with pytest.raises(RuntimeError, match='on a CUDA device'):
        load_weights_only(path)


def test_unsafe_mode_is_refused(tmp_path):
    with pytest.raises(ValueError, match='weights_only=False'):
        load_weights_only(tmp_path / 'x.pth', weights_only=False)


def test_config_that_resuming_would_execute_is_dropped(tmp_path):
    path = tmp_path / 'old.pth'
    torch.save(dict(meta=dict(config='import os', epoch=1)), path)
    assert load_weights_only(path)['meta'] == dict(epoch=1)
