"""Neighbors can be told apart."""

from epsnet_runtime.drawing.segment_colors import (
    color_distance,
    find_neighbors,
    segment_colors,
    shade,
)

import numpy as np
import pytest

PALETTE = [(200, 100, 0), (0, 0, 255), (205, 100, 0)]


def test_shade_goes_towards_white_or_black():
    assert shade((200, 100, 0), 0) == (200, 100, 0)
    assert shade((200, 100, 0), 1) == (219, 154, 89)  # + 0.35 of rest
    assert shade((200, 100, 0), 2) == (140, 70, 0)  # - 0.3


def test_neighbors_touch_at_a_side():
    assert find_neighbors(np.array([[1, 2], [0, 3]])) == {
        0: {1, 3},
        1: {0, 2},
        2: {1, 3},
        3: {0, 2},
    }


def test_instances_of_a_class_take_turns():
    colors = segment_colors(np.array([[1, 0, 2, 0, 3]]), {1: 0, 2: 0, 3: 1}, PALETTE)
    assert colors == {1: (200, 100, 0), 2: (219, 154, 89), 3: (0, 0, 255)}


def test_neighbors_of_similar_classes_differ():
    apart = segment_colors(np.array([[1, 0, 2]]), {1: 0, 2: 2}, PALETTE)
    assert apart[2] == PALETTE[2]
    beside = segment_colors(np.array([[1, 2]]), {1: 0, 2: 2}, PALETTE)
    assert color_distance(beside[1], beside[2]) >= 60


@pytest.mark.parametrize('seed', range(3))
def test_neighboring_instances_of_one_class_differ(seed):
    panoptic = np.arange(1, 101).reshape(10, 10)
    np.random.default_rng(seed).shuffle(panoptic.reshape(-1))
    colors = segment_colors(panoptic, dict.fromkeys(range(1, 101), 0), PALETTE)
    for one, others in find_neighbors(panoptic).items():
        for other in others:
            assert color_distance(colors[one], colors[other]) > 20
