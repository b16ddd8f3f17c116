"""Checkpoints that are damaged, odd, or meant to do harm."""

import copy
import io
import pickle
import random
import zipfile
from pathlib import Path

import torch

from .raw_bytes import damage

_TENSORS = [
    lambda x: x * float('nan'),
    lambda x: x.double() * float('inf'),
    lambda x: (x * 100).to(torch.uint8),
    lambda x: x.to('meta'),
    lambda x: x.to_sparse(),
    lambda x: x.half(),
    lambda x: x.bfloat16(),
    lambda x: x.to(torch.complex64),
    lambda x: x.unsqueeze(0),
    lambda x: x.flatten()[:-1],
    lambda x: x[:0],
    lambda x: x.numpy().tolist(),
    lambda x: torch.nn.Parameter(x.float()),
    lambda x: 3e38 * torch.ones_like(x),
    lambda x: None,
]
_VALUES = [None, True, 0, -1, 10**30, 1.5, float('nan'), '', 'x', [], [1], {}, {'a': 1}]


class _Harm:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), 'w'))


def damaged_file(data: bytes, draw: random.Random) -> bytes:
    """The bytes of a checkpoint with some of them wrong."""
    return damage(data, draw)


def odd_content(checkpoint: dict, draw: random.Random, harm: Path) -> bytes:
    """A sound file with a content that training does not write.

    Args:
        checkpoint: As training writes it.
        draw: Decides what is odd.
        harm: A file that some contents make if code in them runs.
    """
    content = copy.deepcopy(checkpoint)
    kind = draw.randrange(6)
    if kind <= 1:
        _change(content, draw)
    elif kind == 2:
        state = content['state_dict']
        key = draw.choice(list(state))
        state[key] = draw.choice(_TENSORS)(state[key])
    elif kind == 3:
        state = content['state_dict']
        key = draw.choice(list(state))
        new = draw.choice([f'module.{key}', f'x{key}', '', 7, ('a',), key.upper()])
        state[new] = state.pop(key)
    elif kind == 4:
        content = draw.choice(
            [None, [], 'x', {}, content['state_dict'], torch.ones(3), {'state_dict': 1}]
        )
    else:
        content[draw.choice(['x', 'meta', 'state_dict'])] = _Harm(harm)
    buffer = io.BytesIO()
    try:
        torch.save(content, buffer, _use_new_zipfile_serialization=draw.random() < 0.8)
    except (NotImplementedError, RuntimeError, pickle.PicklingError):
        return b''
    return buffer.getvalue()


def other_archive(draw: random.Random) -> bytes:
    """A zip archive that PyTorch has not written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w') as archive:
        for _ in range(draw.randrange(3)):
            name = draw.choice(
                ['archive/data.pkl', 'data.pkl', 'a/version', 'x', 'a/b']
            )
            archive.writestr(
                name, draw.choice([b'', b'3\n', pickle.dumps({}), b'\x80'])
            )
    return buffer.getvalue()


def _change(content: dict, draw: random.Random) -> None:
    """Replace or remove an entry at any depth."""
    node = content
    while True:
        key = draw.choice(list(node) if isinstance(node, dict) else range(len(node)))
        deeper = node[key]
        if isinstance(deeper, dict | list) and deeper and draw.random() < 0.7:
            node = deeper
            continue
        if draw.random() < 0.25:
            del node[key]
        else:
            node[key] = copy.deepcopy(draw.choice(_VALUES))
        return
