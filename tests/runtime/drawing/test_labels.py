"""Labels lie inside their segments and never cover each other."""

from epsnet_runtime import Segment
from epsnet_runtime.drawing.labels import inner_point, label_of, write_labels

import numpy as np
import pytest


def segment(number, name, box, area, score=None):
    return Segment(number, 0, name, score is not None, score, area, box)


def test_labels_lie_inside_their_segment():
    panoptic = np.ones((200, 400), np.int32)
    panoptic[:, 200:] = 2
    image = np.full((200, 400, 3), 200, np.uint8)
    segments = [
        segment(1, 'disc', (0, 0, 200, 200), 40000, 0.5),
        segment(2, 'sand', (200, 0, 400, 200), 40000),
    ]
    write_labels(image, panoptic, segments)
    changed = np.flatnonzero((image != 200).any(axis=(0, 2)))
    left, right = changed[changed < 200], changed[changed >= 200]
    # Each text is centered on its half's middle column.
    assert abs(left.mean() - 100) < 12
    assert abs(right.mean() - 300) < 12
    assert len(left) > len(right)  # the score


def test_labels_do_not_cover_each_other(monkeypatch):
    boxes = []
    monkeypatch.setattr(
        'epsnet_runtime.drawing.labels._write_in_box',
        lambda image, text, box, scale: boxes.append(box),
    )
    panoptic = np.arange(1, 101).reshape(10, 10).repeat(30, 0).repeat(34, 1)
    segments = [
        segment(n + 1, 'class', (x * 34, y * 30, x * 34 + 34, y * 30 + 30), 1020)
        for n, (y, x) in enumerate(np.ndindex(10, 10))
    ]
    image = np.zeros((*panoptic.shape, 3), np.uint8)
    write_labels(image, panoptic, segments)
    cover = np.zeros(panoptic.shape, int)
    for x1, y1, x2, y2 in boxes:
        cover[y1:y2, x1:x2] += 1
    assert len(boxes) > 5
    assert cover.max() == 1


@pytest.mark.parametrize(
    ('name', 'area', 'expected'),
    [
        ('disc', 10_000, 'disc 0.50'),
        ('disc', 700, 'disc'),  # without the score there is room
        ('disc', 1, ''),
        ('a' * 40, 1800, ''),
    ],
)
def test_labels_are_not_larger_than_their_segments(name, area, expected):
    assert label_of(segment(1, name, (0, 0, 1, 1), area, 0.5), 0.42) == expected


def test_specks_have_no_label():
    panoptic = np.zeros((200, 200), np.int32)
    panoptic[0, 0] = 1
    image = np.full((200, 200, 3), 200, np.uint8)
    write_labels(image, panoptic, [segment(1, 'disc', (0, 0, 1, 1), 1)])
    assert (image == 200).all()


def test_inner_point_is_farthest_from_the_edge():
    mask = np.zeros((9, 12), bool)
    mask[:, 2:7] = True  # the column in the middle of 2..6 is 4
    x, y = inner_point(mask)
    assert x == 4
    assert mask[y, x]


def test_inner_point_of_a_large_mask():
    mask = np.zeros((1000, 2000), bool)
    mask[300:501, 900:1101] = True
    assert inner_point(mask) == pytest.approx((1000, 400), abs=25)
    # Thinner than the grid that is searched.
    mask = np.zeros((1000, 2000), bool)
    mask[:, 1001] = True
    assert inner_point(mask)[0] == 1001


@pytest.mark.parametrize('seed', range(5))
def test_inner_point_is_inside(seed):
    mask = np.random.default_rng(seed).random((40, 30)) < 0.2
    x, y = inner_point(mask)
    assert mask[y, x]
