"""COCO instances files with all kinds of masks, and values that break them."""

import random

from .json_content import VALUES

HEIGHT, WIDTH = 12, 16
#: What may replace a value, beside what `json_content` knows.
INSTANCE_VALUES = [
    *VALUES,
    *(1e9, -1e9, 1e300, -1e-300, 2**63, '1.0', 'true', 0.5, -0.0),
    [[0, 0, 1e9, 0, 1e9, 1e9]],
    [[0, 0, 1, 1]],
    [[1, 1, float('nan'), 5, 6, 7]],
    [[1, 1, 8, 1, 8, 8], []],
    [[1, 1, 8, 1, 8, 8, 3]],
    {'size': [HEIGHT, WIDTH], 'counts': [0, HEIGHT * WIDTH]},
    {'size': [HEIGHT, WIDTH], 'counts': [HEIGHT * WIDTH + 1]},
    {'size': [WIDTH, HEIGHT], 'counts': [HEIGHT * WIDTH]},
    {'size': [10**9, 10**9], 'counts': [10**18]},
    {'size': [HEIGHT, WIDTH], 'counts': 'P'},
    {'size': [HEIGHT, WIDTH], 'counts': '0' * 500},
    {'size': [HEIGHT, WIDTH], 'counts': [-5, HEIGHT * WIDTH + 5]},
    {'size': [HEIGHT, WIDTH], 'counts': [True, HEIGHT * WIDTH - 1]},
]


def instances_content(draw: random.Random) -> dict:
    """Three images, and objects with polygons and both kinds of RLE."""
    images = [
        dict(id=i, file_name=f'{i}.png', height=HEIGHT, width=WIDTH) for i in range(3)
    ]
    annotations = [
        dict(
            id=i,
            image_id=draw.randrange(3),
            category_id=draw.choice([1, 3]),
            iscrowd=int(draw.random() < 0.2),
            bbox=[0, 0, 4, 4],
            area=8,
            segmentation=_mask(draw),
        )
        for i in range(draw.randrange(1, 6))
    ]
    categories = [dict(id=1, name='car'), dict(id=3, name='dog', supercategory='x')]
    return dict(images=images, annotations=annotations, categories=categories)


def _mask(draw: random.Random) -> list | dict:
    kind = draw.randrange(3)
    if kind == 0:
        points = draw.randrange(3, 7)
        return [
            [draw.uniform(-3, WIDTH + 3) for _ in range(2 * points)]
            for _ in range(draw.choice([1, 1, 2]))
        ]
    start = draw.randrange(HEIGHT * WIDTH)
    length = draw.randrange(HEIGHT * WIDTH - start)
    counts = [start, length, HEIGHT * WIDTH - start - length]
    if kind == 2:
        counts = _compressed(counts)
    return dict(size=[HEIGHT, WIDTH], counts=counts)


def _compressed(counts: list[int]) -> str:
    """The text of an RLE with at most three counts, as pycocotools writes it."""
    text = ''
    for count in counts:
        while True:
            group, count = count & 31, count >> 5
            done = count == 0 and not group & 16
            text += chr(48 + (group if done else group | 32))
            if done:
                break
    return text
