"""Colors in the forms in which datasets have them."""

from epsnet_mm.visualization.palettes import class_colors

import numpy as np
import pytest
from mmdet.visualization.palette import get_palette


@pytest.mark.parametrize(
    ('palette', 'expected'),
    [
        ([(255, 0, 9), [0, 1, 2]], [(255, 0, 9), (0, 1, 2)]),
        (((255, 0, 9), (0, 1, 2)), [(255, 0, 9), (0, 1, 2)]),
        ([(255, 0, 9, 128), '#00ff80'], [(255, 0, 9), (0, 255, 128)]),
        (['#00ff8040', 'red'], [(0, 255, 128), (255, 0, 0)]),
        ([(1.0, 0.0, 0.2), (1, 1, 1)], [(255, 0, 51), (1, 1, 1)]),
        (np.array([[255, 0, 9], [0, 1, 2]]).tolist(), [(255, 0, 9), (0, 1, 2)]),
        (list(np.array([[255, 0, 9], [0, 1, 2]])), [(255, 0, 9), (0, 1, 2)]),
        ((5, 6, 7), [(5, 6, 7)] * 2),
        ('#00ff80', [(0, 255, 128)] * 2),
        ('voc', get_palette('voc', 2)[:2]),
    ],
)
def test_forms(palette, expected):
    colors = class_colors(palette, 2)
    assert colors == expected
    assert {type(value) for color in colors for value in color} == {int}


@pytest.mark.parametrize(
    'palette',
    [
        'random',
        None,
        7,
        'no color',
        [],
        [(1, 2), None],
        [(1, 2, 300), 'blau'],
        [(-1, 0, 0), (float('nan'), 0.0, 0.0)],
        [('1', '2', '3'), 5],
    ],
)
def test_classes_without_a_valid_color(palette):
    colors = class_colors(palette, 2)
    assert colors == class_colors('random', 2)
    assert colors[0] != colors[1]


def test_only_the_wrong_ones_are_replaced():
    assert class_colors(['#010203', 'blau'], 3)[0] == (1, 2, 3)
    assert class_colors(['#010203'], 3)[1:] == class_colors('random', 3)[1:]


def test_a_palette_of_fewer_classes():
    assert len(class_colors('voc', 50)) == 50
