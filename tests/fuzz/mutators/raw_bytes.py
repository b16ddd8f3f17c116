"""Damages a file as disks, networks and editors do."""

import random


def damage(data: bytes, draw: random.Random) -> bytes:
    """A copy of a file with a few wrong bytes, or with a part lost or repeated."""
    if not data:
        return bytes(draw.randrange(256) for _ in range(draw.randrange(20)))
    for _ in range(draw.choice([1, 1, 1, 2, 5])):
        data = draw.choice([_flip, _flip, _set, _cut, _drop, _repeat, _zero])(
            data or b'\0', draw
        )
    return data


def _flip(data: bytes, draw: random.Random) -> bytes:
    position = draw.randrange(len(data))
    changed = data[position] ^ (1 << draw.randrange(8))
    return data[:position] + bytes([changed]) + data[position + 1 :]


def _set(data: bytes, draw: random.Random) -> bytes:
    position = draw.randrange(len(data))
    value = draw.choice([0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)])
    return data[:position] + bytes([value]) + data[position + 1 :]


def _cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data))]


def _span(data: bytes, draw: random.Random) -> tuple[int, int]:
    start = draw.randrange(len(data))
    return start, min(len(data), start + draw.choice([1, 4, 16, 64, 512]))


def _drop(data: bytes, draw: random.Random) -> bytes:
    start, end = _span(data, draw)
    return data[:start] + data[end:]


def _repeat(data: bytes, draw: random.Random) -> bytes:
    start, end = _span(data, draw)
    return data[:end] + data[start:end] + data[end:]


def _zero(data: bytes, draw: random.Random) -> bytes:
    start, end = _span(data, draw)
    return data[:start] + bytes(end - start) + data[end:]
