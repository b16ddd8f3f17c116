"""Colors stay with what moves a little."""

from epsnet_runtime import Segment
from epsnet_runtime.video.stable_colors import StableColors

import numpy as np

PALETTE = [(200, 100, 0), (0, 0, 255)]


def frame(*boxes, label=0):
    """A map of boxes x1, x2 over the whole height, numbered in this order."""
    panoptic = np.zeros((4, 100), np.int32)
    segments = []
    for number, (x1, x2) in enumerate(boxes, 1):
        panoptic[:, x1:x2] = number
        area = 4 * (x2 - x1)
        segments.append(Segment(number, label, 'disc', True, 0.5, area, (x1, 0, x2, 4)))
    return panoptic, segments


def test_colors_follow_the_masks_not_the_numbers():
    colors = StableColors(PALETTE)
    first = colors.next(*frame((0, 20), (50, 70)))
    assert first[1] != first[2]
    second = colors.next(*frame((53, 73), (3, 23)))
    assert second == {1: first[2], 2: first[1]}
    third = colors.next(*frame((6, 26), (56, 76), (80, 90)))
    assert (third[1], third[2]) == (first[1], first[2])
    assert third[3] not in (first[1], first[2])


def test_another_class_is_no_match():
    colors = StableColors(PALETTE)
    colors.next(*frame((0, 20)))
    assert colors.next(*frame((0, 20), label=1)) == {1: PALETTE[1]}


def test_one_mask_gives_its_color_once():
    colors = StableColors(PALETTE)
    first = colors.next(*frame((0, 20)))
    halves = colors.next(*frame((0, 9), (9, 20)))
    assert halves[2] == first[1]  # the larger part
    assert halves[1] != first[1]


def test_another_size_or_nothing():
    colors = StableColors(PALETTE)
    colors.next(*frame((0, 20)))
    assert colors.next(np.zeros((2, 2), np.int32), []) == {}
    assert colors.next(*frame((0, 20))) == {1: PALETTE[0]}
