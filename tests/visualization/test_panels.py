"""Panels of bounded size, their titles and their legend."""

from epsnet_mm.visualization import panels

import numpy as np
import pytest


@pytest.mark.parametrize(
    ('size', 'factor'),
    [
        ((96, 200), 4),
        ((384, 384), 1),
        ((383, 900), 2),
        ((1000, 800), 1),
        ((3000, 2), 1),
        ((2, 600), 3),
    ],
)
def test_enlargement_reaches_the_smallest_side_within_the_bound(size, factor):
    assert panels.enlargement(*size) == factor


@pytest.mark.parametrize(
    ('size', 'expected'),
    [
        ((96, 200), (384, 800)),
        ((2048, 1024), (2048, 1024)),
        ((3000, 4000), (1536, 2048)),
        ((3000, 2), (2048, 1)),
        ((1, 2048), (1, 2048)),
        ((1, 1), (384, 384)),
    ],
)
def test_panel_size(size, expected):
    assert panels.panel_size(*size) == expected


def test_fit():
    ids = np.array([[1000, 2]])
    assert panels.fit_ids(ids, (2, 4)).tolist() == [[1000, 1000, 2, 2]] * 2
    image = np.zeros((4, 4, 3), np.uint8)
    image[:, 2:] = 200
    assert panels.fit_image(image, (1, 2))[0, :, 0].tolist() == [0, 200]
    assert panels.fit_image(image, (4, 4)) is image


def test_panels_are_side_by_side_under_titles():
    red = np.full((400, 300, 3), (255, 0, 0), np.uint8)
    blue = np.full((400, 300, 3), (0, 0, 255), np.uint8)
    row = panels.join_panels([('input', red), ('prediction', blue)])
    assert row.shape[1] == 300 + 6 + 300
    bar = row.shape[0] - 400
    assert bar > 15
    assert (row[bar:, :300] == red).all()
    assert (row[bar:, 306:] == blue).all()


def test_slim_figures_are_widened():
    figure = np.zeros((5, 3, 3), np.uint8)
    assert panels.widen(figure).shape == (5, 320, 3)
    assert (panels.widen(figure)[:, 3:] == 255).all()
    assert panels.widen(np.zeros((5, 400, 3), np.uint8)).shape == (5, 400, 3)
