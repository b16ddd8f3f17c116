"""Changes a JSON file in a value, a key or a few bytes."""

import copy
import json
import random

from .raw_bytes import damage

_NESTED = 'nested'
VALUES = [
    *(None, True, False, 0, 1, -1, 2, 7, 1.5, 3.0, 256**3, 10**30, 1e308),
    *(float('nan'), float('inf'), -float('inf')),
    *('', ' ', '0', '1', 'x', 'car', 'a.jpeg', '../a', 'a\0b', '\ud800', 'é' * 300),
    *([], {}, [1], [[]], {'id': 1}, [0, 0, 0, 0], [1, 1, 2, 2], [1, '1', 2, 2]),
    *([1, 1, float('nan'), 2], [0, 0, 1e9, 1e9], [3, 2, -4, -4], _NESTED),
]


def places(node: object) -> list[tuple]:
    """Every container of a JSON content with each of its keys."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    found = []
    for key, value in list(items):
        found.append((node, key))
        if isinstance(value, dict | list):
            found += places(value)
    return found


def mutate_json(content: object, draw: random.Random, values: list = VALUES) -> bytes:
    """A file that differs from a content in something.

    Args:
        content: Stays as it is.
        draw: Decides what.
        values: What may replace a value.
    """
    content = copy.deepcopy(content)
    for _ in range(draw.choice([1, 1, 1, 2])):
        _change_one(content, draw, values)
    text = json.dumps(content).replace(f'"{_NESTED}"', '[' * 400 + ']' * 400)
    data = text.encode()
    kind = draw.random()
    if kind < 0.1:
        return damage(data, draw)
    if kind < 0.13:
        return b'\xef\xbb\xbf' + data
    if kind < 0.16:
        return text.encode(draw.choice(['utf-16', 'utf-32', 'utf-8-sig']))
    return data


def _change_one(content: object, draw: random.Random, values: list) -> None:
    found = places(content)
    if not found:
        return
    node, key = draw.choice(found)
    action = draw.choice(['replace', 'replace', 'replace', 'delete', 'swap', 'repeat'])
    if action == 'replace':
        node[key] = copy.deepcopy(draw.choice(values))
    elif action == 'delete':
        del node[key]
    elif action == 'repeat' and isinstance(node, list):
        node.insert(key, copy.deepcopy(node[key]))
    else:
        other, other_key = draw.choice(found)
        node[key] = copy.deepcopy(other[other_key])
