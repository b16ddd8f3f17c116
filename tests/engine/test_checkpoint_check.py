"""Damaged and odd checkpoints end in one sentence."""

import io
import zipfile

from epsnet_mm.engine.checkpoint_check import (
    check_archive,
    check_checkpoint,
    class_names,
)
from epsnet_mm.engine.safe_load import load_url_weights_only, load_weights_only

import pytest
import torch


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / 'weights.pth'
    torch.save(dict(state_dict={'a.weight': torch.full((4, 4), 0.5)}), path)
    return path


def flip_bit(path):
    """Turn the weight 0.5 into 1.7e38, as a damaged disk or download would."""
    content = path.read_bytes()
    number = b'\x00\x00\x00\x3f'
    assert number in content
    path.write_bytes(content.replace(number, b'\x00\x00\x00\x7f', 1))


def test_flipped_bit(saved, tmp_path):
    check_archive(saved)
    flip_bit(saved)
    # PyTorch does not see it.
    assert torch.load(saved)['state_dict']['a.weight'].max() > 1e38
    message = 'is damaged: its part weights/data/0 has a wrong checksum or kind'
    with pytest.raises(ValueError, match=rf'weights.pth {message}'):
        load_weights_only(saved)
    with pytest.raises(ValueError, match=f'The open file {message}'):
        load_weights_only(io.BytesIO(saved.read_bytes()))
    with pytest.raises(ValueError, match=message):
        # The file is in the cache, so nothing is downloaded.
        load_url_weights_only(
            'https://example.invalid/weights.pth', model_dir=str(tmp_path)
        )


def test_every_flipped_bit_of_an_archive_is_found(saved):
    """A sample: an error, or the same weights as before."""
    content = saved.read_bytes()
    for position in range(0, len(content), 7):
        changed = bytearray(content)
        changed[position] ^= 0x40
        try:
            loaded = load_weights_only(io.BytesIO(bytes(changed)))
        except ValueError:
            continue
        assert (loaded['state_dict']['a.weight'] == 0.5).all(), position


def test_truncated_archive(saved):
    saved.write_bytes(saved.read_bytes()[:-40])
    with pytest.raises(ValueError, match='is not a PyTorch checkpoint or is damaged'):
        load_weights_only(saved)


def test_archive_that_pytorch_has_not_made(tmp_path):
    path = tmp_path / 'photos.pth'
    with zipfile.ZipFile(path, 'w') as archive:
        archive.writestr('photos/a.txt', 'holiday')
    check_archive(path)
    with pytest.raises(ValueError, match=r'photos.pth is not a PyTorch checkpoint'):
        load_weights_only(path)


def test_open_files_are_rewound():
    for content in (b'text', b''):
        file = io.BytesIO(content)
        file.read()
        check_archive(file)
        assert file.read() == content


@pytest.mark.parametrize(
    'checkpoint',
    [
        {},
        {'a.weight': torch.ones(1), 'a.num_batches_tracked': torch.tensor(3)},
        {'state_dict': {'a.weight': torch.ones(2, dtype=torch.half)}},
        {'state_dict': {'a.index': torch.ones(0), 'a._extra_state': {'any': 'thing'}}},
        {'state_dict': {'w': torch.ones(1).to(torch.float8_e4m3fn)}},
        {'state_dict': {'w': torch.ones(1, dtype=torch.complex64)}},
        {'state_dict': {}, 'meta': {'epoch': 0, 'dataset_meta': None}},
        {'state_dict': {}, 'meta': {'dataset_meta': {'classes': None}}},
        # A training that went wrong leaves good weights behind.
        {'state_dict': {}, 'optimizer': {'state': {0: {'m': torch.tensor(torch.inf)}}}},
        {'meta': torch.ones(1)},
    ],
)
def test_good_checkpoints(checkpoint):
    check_checkpoint(checkpoint, 'x.pth')


@pytest.mark.parametrize(
    ('checkpoint', 'message'),
    [
        ([1], 'holds a list, not a dict of weights'),
        ({3: torch.ones(1)}, 'names an entry 3, which is not a string'),
        ({'state_dict': [1]}, 'holds a list as `state_dict`, not a dict'),
        ({'state_dict': {}, 'ema_state_dict': 3}, 'a int as `ema_state_dict`'),
        ({'state_dict': {(1,): torch.ones(1)}}, r'an entry \(1,\), which is not'),
        ({'state_dict': {'a': 'b'}}, r'holds a str as `state_dict.a`, not a tensor'),
        (
            {'state_dict': {'a.weight': torch.ones(1, dtype=torch.uint8)}},
            r'holds `a.weight` as torch.uint8, not as real numbers',
        ),
        (
            {'bn.running_var': torch.ones(1, dtype=torch.long)},
            r'`bn.running_var` as torch.int64',
        ),
        (
            {'state_dict': {'a': torch.ones(1, device='meta')}},
            'holds no values of `a`',
        ),
        ({'a': torch.ones(2).to_sparse()}, 'holds `a` as a sparse or quantized'),
        ({'a': torch.tensor([1, torch.nan])}, 'NaN or infinite values in `a`'),
        (
            {'state_dict': {}, 'ema_state_dict': {'a': torch.tensor(-torch.inf)}},
            'NaN or infinite values in `a`',
        ),
        ({'a': torch.tensor([torch.inf], dtype=torch.half)}, 'NaN or infinite'),
        ({'meta': 'text'}, 'holds a str as `meta`, not a dict'),
        ({'meta': {'epoch': '3'}}, "holds '3' as `meta.epoch`, not a count"),
        ({'meta': {'iter': -1}}, 'holds -1 as `meta.iter`, not a count'),
        ({'meta': {'dataset_meta': ['a']}}, 'a list as `meta.dataset_meta`'),
        (
            {'meta': {'dataset_meta': {'classes': 'cat'}}},
            r'holds no list of names as `meta.dataset_meta.classes`',
        ),
        (
            {'meta': {'dataset_meta': {'CLASSES': [1]}}},
            r'holds no list of names as `meta.dataset_meta.CLASSES`',
        ),
    ],
)
def test_odd_checkpoints(checkpoint, message):
    with pytest.raises(ValueError, match=f'^x.pth .*{message}'):
        check_checkpoint(checkpoint, 'x.pth')


@pytest.mark.parametrize(
    ('meta', 'expected'),
    [
        (None, None),
        ({}, None),
        ({'dataset_meta': None}, None),
        ({'dataset_meta': {'classes': ['a', 'b']}}, ('a', 'b')),
        ({'dataset_meta': {'CLASSES': ('a',)}}, ('a',)),
    ],
)
def test_class_names(meta, expected):
    assert class_names(dict(meta=meta)) == expected


def test_part_that_is_called_a_folder_is_refused(tmp_path):
    """PyTorch would not read it, and leave the memory as it finds it."""
    path = tmp_path / 'weights.pth'
    torch.save(dict(weight=torch.ones(6)), path)
    content = bytearray(path.read_bytes())
    # The external attributes in the list of parts at the end of the file.
    entry = content.rindex(b'weights/data/0') - 46
    assert content[entry : entry + 4] == b'PK\1\2'
    content[entry + 38] |= 0x10
    path.write_bytes(content)

    with pytest.raises(ValueError, match='weights/data/0 has a wrong checksum or kind'):
        check_archive(path)
