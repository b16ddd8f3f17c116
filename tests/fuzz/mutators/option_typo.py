"""Misspelt keys and wrong values of `--cfg-options`."""

import random
import string

VALUES = [
    *(None, True, False, 0, -1, 1, 2.5, 10**30, float('nan'), float('inf')),
    *('', 'abc', '1', [], [1], [[1, 2]], (1, 2), {}, {'type': 'Nothing'}, {'a': 1}),
]


def misspelt(key: str, draw: random.Random) -> str:
    """A dotted key with a typing mistake in one of its names."""
    parts = key.split('.')
    names = [i for i, part in enumerate(parts) if not part.isdigit()]
    position = draw.choice(names)
    parts[position] = _mistyped(parts[position], draw)
    return '.'.join(parts)


def _mistyped(name: str, draw: random.Random) -> str:
    position = draw.randrange(len(name))
    kind = draw.randrange(6)
    if kind == 0:
        return name[:position] + name[position + 1 :] or 'x'
    if kind == 1:
        return name[:position] + name[position] + name[position:]
    if kind == 2:
        letter = draw.choice(string.ascii_lowercase)
        return name[:position] + letter + name[position + 1 :]
    if kind == 3 and len(name) > 1:
        position = min(position, len(name) - 2)
        pair = name[position + 1] + name[position]
        return name[:position] + pair + name[position + 2 :]
    if kind == 4:
        return draw.choice(
            [name.upper(), name.replace('_', '-'), f'{name}s', f'_{name}']
        )
    return draw.choice(['foo', 'lr', 'batchsize', 'num_class', 'score_thresh', ' '])
