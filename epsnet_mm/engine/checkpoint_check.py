"""Finds damaged and odd checkpoints, whatever model they are for."""

import errno
import numbers
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import torch
from torch import Tensor

# Parameters and statistics of every layer of PyTorch; all of them are real numbers.
_REAL_NUMBERS = ('weight', 'bias', 'running_mean', 'running_var')
_ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,  # another compression
    RuntimeError,  # a password
    OverflowError,
    ValueError,
)


def check_archive(file: str | Path | BinaryIO) -> None:
    """Compare the checksums of a zip archive, which PyTorch does not.

    Without this check, a damaged file loads, with other weights. Files in PyTorch's
    format before version 1.6 are no archives and have no checksums. It takes 0.3 s
    for 400 MB, which is half of what loading takes.

    Args:
        file: Path or open binary file, which is rewound.

    Raises:
        ValueError: A checksum is wrong, or the archive cannot be read.
    """
    damaged = None
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                damaged = archive.testzip() or _called_folder(archive)
    except (*_ARCHIVE_ERRORS, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise  # about the disk, not about a place beyond the file
        raise ValueError(
            f'{name_of(file)} is an archive that is damaged ({error}); copy the file '
            'again, or give another checkpoint.'
        ) from error
    _rewind(file)
    if damaged is not None:
        raise ValueError(
            f'{name_of(file)} is damaged: its part {damaged} has a wrong checksum or '
            'kind; copy the file again, or give another checkpoint.'
        )


def _called_folder(archive: zipfile.ZipFile) -> str | None:
    """A part that is said to be a folder: PyTorch would give it arbitrary values."""
    folder = 0x10
    found = (x.filename for x in archive.infolist() if x.external_attr & folder)
    return next(found, None)


def name_of(file: str | Path | BinaryIO) -> str:
    """What messages call a file."""
    return str(file) if isinstance(file, (str, Path)) else 'The open file'


def _rewind(file: str | Path | BinaryIO) -> None:
    if not isinstance(file, (str, Path)):
        file.seek(0)


def check_checkpoint(checkpoint: Any, name: str) -> None:
    """Check a loaded checkpoint.

    Args:
        checkpoint: A dict with `state_dict`, or a bare state dict.
        name: Where it comes from, for the message.

    Raises:
        ValueError: If it is no such dict, a weight is not a dense tensor of finite
            numbers, or `meta` is odd.
    """
    try:
        _check_structure(checkpoint)
        for key, tensor in weights_of(checkpoint):
            _check_tensor(key, tensor)
        _check_meta(checkpoint.get('meta'))
    except _CheckpointError as error:
        raise ValueError(
            f'{name} {error}; give a checkpoint that training has written, or save '
            'this one again.'
        ) from None


class _CheckpointError(Exception):
    """What is wrong with a checkpoint, as the end of a sentence."""


def weights_of(checkpoint: Mapping) -> Iterator[tuple[str, Tensor]]:
    """The weights of all models in a checkpoint, with their names.

    These are the tensors of a bare state dict, or of `state_dict`, `ema_state_dict`
    and what other libraries call theirs. The optimizer's are nested deeper.
    """
    for key, value in checkpoint.items():
        if isinstance(value, Tensor):
            yield key, value
        elif isinstance(value, Mapping):
            for inner_key, inner in value.items():
                if isinstance(inner, Tensor):
                    yield str(inner_key), inner


def class_names(checkpoint: Mapping) -> tuple[str, ...] | None:
    """Names of the classes that a model was trained on, in the order of its labels.

    Returns:
        None if the checkpoint does not say them.
    """
    meta = (checkpoint.get('meta') or {}).get('dataset_meta') or {}
    # Old versions write `CLASSES`.
    names = meta.get('classes', meta.get('CLASSES'))
    return None if names is None else tuple(names)


def _check_structure(checkpoint: Any) -> None:
    if not isinstance(checkpoint, Mapping):
        raise _CheckpointError(f'holds a {_kind(checkpoint)}, not a dict of weights')
    _check_keys(checkpoint)
    for key in ('state_dict', 'ema_state_dict'):
        if key not in checkpoint:
            continue
        state = checkpoint[key]
        if not isinstance(state, Mapping):
            raise _CheckpointError(
                f'holds a {_kind(state)} as `{key}`, not a dict of weights'
            )
        _check_keys(state)
        for name, value in state.items():
            # The one name with which PyTorch saves what is no tensor.
            if not isinstance(value, Tensor) and not name.endswith('_extra_state'):
                raise _CheckpointError(
                    f'holds a {_kind(value)} as `{key}.{name}`, not a tensor'
                )


def _check_keys(state: Mapping) -> None:
    for key in state:
        if not isinstance(key, str):
            raise _CheckpointError(f'names an entry {key!r}, which is not a string')


def _check_tensor(key: str, tensor: Tensor) -> None:
    """Refuse a tensor that cannot be a weight."""
    if tensor.is_meta:
        raise _CheckpointError(f'holds no values of `{key}` (a "meta" tensor)')
    if tensor.layout != torch.strided or tensor.is_quantized:
        raise _CheckpointError(f'holds `{key}` as a sparse or quantized tensor')
    real = tensor.is_floating_point() or tensor.is_complex()
    if not real and key.rpartition('.')[2] in _REAL_NUMBERS:
        raise _CheckpointError(f'holds `{key}` as {tensor.dtype}, not as real numbers')
    if real and not _is_finite(tensor):
        raise _CheckpointError(f'holds NaN or infinite values in `{key}`')


def _is_finite(tensor: Tensor) -> bool:
    """Whether all values are finite. Five times as fast as `isfinite().all()`."""
    if not tensor.numel():
        return True
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor)
    if tensor.element_size() == 1:
        tensor = tensor.float()  # 8-bit floats have no arithmetic
    return bool(torch.stack(torch.aminmax(tensor)).isfinite().all())


def _check_meta(meta: Any) -> None:
    """Refuse a `meta` that what reads it could not understand."""
    if meta is None or isinstance(meta, Tensor):
        return  # the latter is a weight of a bare state dict
    if not isinstance(meta, Mapping):
        raise _CheckpointError(f'holds a {_kind(meta)} as `meta`, not a dict')
    for key in ('epoch', 'iter'):
        count = meta.get(key, 0)
        if not isinstance(count, numbers.Integral) or count < 0:
            raise _CheckpointError(f'holds {count!r} as `meta.{key}`, not a count')
    dataset_meta = meta.get('dataset_meta')
    if dataset_meta is None:
        return
    if not isinstance(dataset_meta, Mapping):
        raise _CheckpointError(
            f'holds a {_kind(dataset_meta)} as `meta.dataset_meta`, not a dict'
        )
    for key, names in dataset_meta.items():
        if str(key).lower().endswith('classes') and not _are_names(names):
            raise _CheckpointError(
                f'holds no list of names as `meta.dataset_meta.{key}`'
            )


def _are_names(value: Any) -> bool:
    return value is None or (
        isinstance(value, (list, tuple)) and all(isinstance(x, str) for x in value)
    )


def _kind(value: Any) -> str:
    return type(value).__name__
