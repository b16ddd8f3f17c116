"""Colours, labels and panels on images of known pixels."""

from epsnet_mm.visualization import drawing

import numpy as np
import pytest

PALETTE = [(200, 100, 0), (0, 0, 255)]  # one thing class, one stuff class


@pytest.mark.parametrize(
    ('size', 'factor'),
    [((96, 200), 4), ((384, 384), 1), ((383, 900), 2), ((1000, 800), 1)],
)
def test_enlargement_reaches_the_smallest_side(size, factor):
    assert drawing.enlargement(*size) == factor


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


def test_panels_are_side_by_side_under_titles():
    red = np.full((400, 300, 3), (255, 0, 0), np.uint8)
    blue = np.full((400, 300, 3), (0, 0, 255), np.uint8)
    row = drawing.join_panels([('input', red), ('prediction', blue)])
    assert row.shape[1] == 300 + 6 + 300
    bar = row.shape[0] - 400
    assert bar > 15
    assert (row[bar:, :300] == red).all()
    assert (row[bar:, 306:] == blue).all()


def test_legend_wraps_to_the_width():
    entries = [(f'class {i}', (i, 0, 0)) for i in range(8)]
    one = drawing.legend(entries[:1], 300, 0.5)
    many = drawing.legend(entries, 300, 0.5)
    assert one.shape[1] == many.shape[1] == 300
    assert many.shape[0] > 2 * one.shape[0]
