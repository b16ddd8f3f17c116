"""Images of four categories that test each rule of panoptic quality."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.tiny_panoptic import write_ids

import numpy as np
import torch
from mmdet.evaluation import INSTANCE_OFFSET

CAT, DOG, SKY, SEA = 2, 3, 5, 8
CATEGORIES = [
    dict(id=CAT, name='cat', isthing=1),
    dict(id=DOG, name='dog', isthing=1),
    dict(id=SKY, name='sky', isthing=0),
    dict(id=SEA, name='sea', isthing=0),
]
LABEL_OF = {category['id']: i for i, category in enumerate(CATEGORIES)}
META = dict(
    classes=('cat', 'dog', 'sky', 'sea'),
    thing_classes=('cat', 'dog'),
    stuff_classes=('sky', 'sea'),
)
# Ground truth and prediction of one image: (category, first pixel, last pixel + 1
# [, 'crowd']) on a line of 100 pixels; those of no segment are void.
Line = tuple[Sequence[tuple], Sequence[tuple]]


# A line, and its true positives, false positives and misses, counted by hand. Each has
# things and stuff that count: the original divides by zero where one of them is empty.
CASES: dict[str, tuple[Line, dict[int, tuple]]] = {
    'perfect': (
        ([(CAT, 0, 30), (DOG, 30, 50), (SKY, 50, 99)],) * 2,
        {CAT: (1, 0, 0), DOG: (1, 0, 0), SKY: (1, 0, 0)},
    ),
    'IoU of exactly a half': (
        ([(CAT, 0, 80), (SEA, 99, 100)], [(CAT, 0, 40), (SEA, 99, 100)]),
        {CAT: (0, 1, 1), SEA: (1, 0, 0)},
    ),
    'IoU just above a half': (
        ([(CAT, 0, 80), (SEA, 99, 100)], [(CAT, 0, 41), (SEA, 99, 100)]),
        {CAT: (1, 0, 0), SEA: (1, 0, 0)},
    ),
    'right place, wrong category': (
        ([(CAT, 0, 80), (SEA, 99, 100)], [(DOG, 0, 80), (SEA, 99, 100)]),
        {CAT: (0, 0, 1), DOG: (0, 1, 0), SEA: (1, 0, 0)},
    ),
    'void leaves the union': (
        ([(CAT, 0, 60), (SEA, 99, 100)], [(CAT, 0, 99), (SEA, 99, 100)]),
        {CAT: (1, 0, 0), SEA: (1, 0, 0)},
    ),
    'mostly on void': (
        ([(DOG, 0, 40), (SKY, 80, 100)], [(DOG, 0, 30), (CAT, 30, 51), (SKY, 80, 100)]),
        {DOG: (1, 0, 0), SKY: (1, 0, 0)},
    ),
    'exactly half on void': (
        ([(DOG, 0, 40), (SKY, 80, 100)], [(DOG, 0, 30), (CAT, 30, 50), (SKY, 80, 100)]),
        {CAT: (0, 1, 0), DOG: (1, 0, 0), SKY: (1, 0, 0)},
    ),
    'crowd matches nothing': (
        (
            [(CAT, 0, 50, 'crowd'), (DOG, 50, 60), (SKY, 60, 100)],
            [(CAT, 0, 50), (DOG, 50, 60), (SKY, 60, 100)],
        ),
        {DOG: (1, 0, 0), SKY: (1, 0, 0)},
    ),
    'crowd under 51 of 100 pixels': (
        ([(CAT, 0, 51, 'crowd'), (DOG, 51, 60), (SKY, 60, 100)], [(CAT, 0, 100)]),
        {DOG: (0, 0, 1), SKY: (0, 0, 1)},
    ),
    'crowd under exactly half': (
        ([(CAT, 0, 50, 'crowd'), (DOG, 50, 60), (SKY, 60, 100)], [(CAT, 0, 100)]),
        {CAT: (0, 1, 0), DOG: (0, 0, 1), SKY: (0, 0, 1)},
    ),
    'crowd and void together': (
        (
            [(CAT, 0, 20, 'crowd'), (DOG, 60, 70), (SKY, 70, 100)],
            [(CAT, 0, 50), (SKY, 70, 100)],
        ),
        {DOG: (0, 0, 1), SKY: (1, 0, 0)},
    ),
    'crowd of another category': (
        ([(CAT, 0, 60, 'crowd'), (SKY, 60, 100)], [(DOG, 0, 60), (SKY, 60, 100)]),
        {DOG: (0, 1, 0), SKY: (1, 0, 0)},
    ),
    'crowd beside an object of its category': (
        (
            [(CAT, 0, 40), (CAT, 40, 80, 'crowd'), (SKY, 80, 100)],
            [(CAT, 0, 44), (CAT, 44, 80), (SKY, 80, 100)],
        ),
        {CAT: (1, 0, 0), SKY: (1, 0, 0)},
    ),
    'class without ground truth': (
        ([(CAT, 0, 50), (SKY, 50, 80)], [(CAT, 0, 50), (SKY, 50, 70), (SEA, 70, 80)]),
        {CAT: (1, 0, 0), SKY: (1, 0, 0), SEA: (0, 1, 0)},
    ),
    'one object in pieces': (
        (
            [(CAT, 0, 90), (SKY, 90, 100)],
            [(CAT, 0, 30), (CAT, 30, 60), (CAT, 60, 90), (SKY, 90, 100)],
        ),
        {CAT: (0, 3, 1), SKY: (1, 0, 0)},
    ),
    # Ever smaller parts of nine cats: the sum of the IoU depends on the order.
    'many objects': (
        (
            [*((CAT, 11 * i, 11 * i + 11) for i in range(9)), (SKY, 99, 100)],
            [*((CAT, 11 * i, 11 * i + 11 - i // 2) for i in range(9)), (SKY, 99, 100)],
        ),
        {CAT: (9, 0, 0), SKY: (1, 0, 0)},
    ),
    'nothing predicted': (
        ([(CAT, 0, 50), (CAT, 50, 60), (SKY, 60, 100)], []),
        {CAT: (0, 0, 2), SKY: (0, 0, 1)},
    ),
}
# An image that is all void, with and without predictions.
EMPTY = [([], []), ([], [(CAT, 0, 50), (SKY, 50, 100)])]


def write_ground_truth(root: Path, images: Sequence[tuple]) -> Path:
    """Write (id map, segments) of each image; return the annotation file."""
    (root / 'gt').mkdir()
    entries, annotations = [], []
    for image_id, (ids, segments) in enumerate(images):
        height, width = ids.shape
        name = f'{image_id}.png'
        entries.append(dict(id=image_id, file_name=name, height=height, width=width))
        infos = [dict(x, area=int((ids == x['id']).sum())) for x in segments]
        annotations.append(dict(image_id=image_id, file_name=name, segments_info=infos))
        write_ids(root / 'gt' / name, ids)
    content = dict(images=entries, annotations=annotations, categories=CATEGORIES)
    (root / 'gt.json').write_text(json.dumps(content), encoding='utf-8')
    return root / 'gt.json'


def segment(segment_id: int, category: int, iscrowd: bool = False) -> dict:
    return dict(
        id=segment_id, category_id=category, iscrowd=int(iscrowd), bbox=[0, 0, 1, 1]
    )


def sample(img_id: int, pan: np.ndarray) -> dict:
    return dict(
        img_id=img_id,
        img_path=f'{img_id}.png',
        ori_shape=pan.shape,
        pred_panoptic_seg=dict(sem_seg=torch.from_numpy(pan)[None]),
    )


def write_lines(root: Path, lines: Sequence[Line]) -> tuple[Path, list[dict]]:
    """Turn lines into a ground truth file and predictions."""
    images, samples = [], []
    for img_id, (gt, pred) in enumerate(lines):
        ids, segments = np.zeros((1, 100), int), []
        for i, (category, start, stop, *crowd) in enumerate(gt):
            # Three bytes, and falling: sums must follow the ids, not the file.
            segment_id = 256**3 - 1 - 70000 * i
            ids[:, start:stop] = segment_id
            segments.append(segment(segment_id, category, bool(crowd)))
        images.append((ids, segments))
        pan = np.full((1, 100), len(CATEGORIES))
        for i, (category, start, stop) in enumerate(pred, start=1):
            pan[:, start:stop] = LABEL_OF[category] + i * INSTANCE_OFFSET
        samples.append(sample(img_id, pan))
    return write_ground_truth(root, images), samples


def random_image(rng: np.random.Generator) -> tuple:
    """Overlapping rectangles with at most one crowd of each category."""
    ids, segments, crowds = np.zeros((12, 16), int), [], set()
    for segment_id in rng.integers(1, 256**3, rng.integers(0, 7)).tolist():
        y, x = rng.integers(0, (10, 14))
        ids[y : y + rng.integers(2, 12), x : x + rng.integers(2, 16)] = segment_id
        category = int(rng.choice([CAT, DOG, SKY, SEA]))
        crowd = category in (CAT, DOG) and category not in crowds and rng.random() < 0.3
        crowds |= {category} if crowd else set()
        segments.append(segment(segment_id, category, crowd))
    return ids, [x for x in segments if (ids == x['id']).any()]


def random_prediction(
    rng: np.random.Generator, ids: np.ndarray, segments: list[dict]
) -> np.ndarray:
    """The ground truth, moved by up to a pixel, with some wrong categories; or
    something else."""
    if rng.random() < 0.3:
        ids, segments = random_image(rng)
    pan = np.full(ids.shape, len(CATEGORIES))
    for i, x in enumerate(segments, start=1):
        label = LABEL_OF[x['category_id']]
        if rng.random() < 0.1:
            label = int(rng.integers(len(CATEGORIES)))
        pan[ids == x['id']] = label + i * INSTANCE_OFFSET
    return np.roll(pan, int(rng.integers(-1, 2)), 1)
