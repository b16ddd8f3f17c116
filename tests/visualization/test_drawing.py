"""Colours, labels and panels on images of known pixels."""

from epsnet_mm.visualization import drawing

import numpy as np
import pytest

PALETTE = [(200, 100, 0), (0, 0, 255)]  # one thing class, one stuff class


def test_shade_goes_towards_white_or_black():
    assert drawing.shade((200, 100, 0), 0) == (200, 100, 0)
    assert drawing.shade((200, 100, 0), 1) == (219, 154, 89)  # + 0.35 of rest
    assert drawing.shade((200, 100, 0), 2) == (140, 70, 0)  # - 0.3


def test_instances_of_a_class_differ_and_void_has_no_colour():
    colors = drawing.segment_colors(
        np.array([[1000, 2000, 1, 2]]), PALETTE, num_classes=2
    )
    assert colors == {1: (0, 0, 255), 1000: (200, 100, 0), 2000: (219, 154, 89)}


def test_paint_tints_segments_and_dims_void():
    image = np.full((9, 18, 3), 100, np.uint8)
    ids = np.full((9, 18), 2)
    ids[:, :9] = 1000
    painted = drawing.paint(image, ids, {1000: (200, 100, 0)})
    # 100 + 0.55 * (color - 100) inside, away from the outline; 0.4 * 100 else.
    assert painted[4, 4].tolist() == [155, 100, 45]
    assert painted[4, 15].tolist() == [40, 40, 40]
    assert painted[0, 4].min() > 200  # the outline
    assert image.min() == 100


def test_labels_lie_inside_their_segment_and_never_overlap():
    ids = np.full((200, 400), 2)
    ids[:, :200] = 1000
    ids[:, 200:] = 1
    image = np.full((200, 400, 3), 200, np.uint8)
    drawing.write_labels(image, ids, {1000: 'disc', 1: 'sand'})
    changed = np.flatnonzero((image != 200).any(axis=(0, 2)))
    left, right = changed[changed < 200], changed[changed >= 200]
    assert len(left)
    assert len(right)
    # Each text is centred on its half's middle column.
    assert abs(left.mean() - 100) < 12
    assert abs(right.mean() - 300) < 12


def test_specks_have_no_label():
    ids = np.full((200, 200), 1)
    ids[0, 0] = 1000
    image = np.full((200, 200, 3), 200, np.uint8)
    drawing.write_labels(image, ids, {1000: 'disc'})
    assert (image == 200).all()


def test_label_wider_than_the_image_is_clipped():
    image = np.full((60, 30, 3), 200, np.uint8)
    drawing.write_labels(image, np.ones((60, 30), int), {1: 'a' * 40})
    assert (image != 200).any()


def test_inner_point_is_farthest_from_the_edge():
    mask = np.zeros((9, 12), bool)
    mask[:, 2:7] = True  # the column in the middle of 2..6 is 4
    x, y = drawing.inner_point(mask)
    assert x == 4
    assert mask[y, x]


def test_inner_point_of_a_large_mask():
    mask = np.zeros((1000, 2000), bool)
    mask[300:501, 900:1101] = True
    assert drawing.inner_point(mask) == pytest.approx((1000, 400), abs=10)
    # Thinner than the grid that is searched.
    mask = np.zeros((1000, 2000), bool)
    mask[:, 1001] = True
    assert drawing.inner_point(mask)[0] == 1001


def test_a_segment_with_id_0_has_a_label():
    image = np.full((200, 400, 3), 200, np.uint8)
    drawing.write_labels(image, np.zeros((200, 400), int), {0: 'sand'})
    assert (image != 200).any()


def test_outlines_of_things_lie_over_those_of_stuff():
    ids = np.zeros((9, 18), int)
    ids[:, 9:] = 1000
    painted = drawing.paint(
        np.full((9, 18, 3), 100, np.uint8), ids, {0: (0, 0, 255), 1000: (200, 100, 0)}
    )
    assert painted[4, 7:11].tolist() == [
        [45, 45, 185],
        [40, 40, 40],
        [255, 255, 255],
        [155, 100, 45],
    ]


@pytest.mark.parametrize('shape', [(1, 1), (1, 300), (300, 2)])
def test_any_shape(shape):
    image = np.full((*shape, 3), 200, np.uint8)
    ids = np.full(shape, 1000)
    painted = drawing.paint(image, ids, {1000: (200, 100, 0)})
    drawing.write_labels(painted, ids, {1000: 'disc'})
    assert painted.shape == image.shape
