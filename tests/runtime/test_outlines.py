"""Outlines of tiny masks, and their areas on random ones."""

from epsnet_runtime.outlines import mask_polygons

import numpy as np
import pytest


def area(polygon: np.ndarray) -> float:
    x, y = polygon.T.astype(float)
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def test_a_rectangle_has_four_points():
    mask = np.zeros((4, 5), bool)
    mask[1:3, 1:5] = True
    (polygon,) = mask_polygons(mask)
    assert polygon.tolist() == [[1, 1], [5, 1], [5, 3], [1, 3]]


def test_pixels_that_touch_at_a_corner_are_two():
    for mask in (np.eye(2, dtype=bool), np.eye(2, dtype=bool)[::-1]):
        assert [area(polygon) for polygon in mask_polygons(mask)] == [1, 1]


def test_holes_run_the_other_way():
    mask = np.ones((3, 3), bool)
    mask[1, 1] = False
    assert sorted(area(polygon) for polygon in mask_polygons(mask)) == [-1, 9]


def test_an_empty_mask_has_none():
    assert mask_polygons(np.zeros((2, 2), bool)) == []


@pytest.mark.parametrize('seed', range(8))
def test_areas_add_up(seed):
    mask = np.random.default_rng(seed).random((9, 11)) < 0.1 * (seed + 1)
    polygons = mask_polygons(mask)
    assert sum(map(area, polygons)) == mask.sum()
    for polygon in polygons:
        steps = np.abs(np.roll(polygon, -1, axis=0) - polygon)
        # Each side is straight, and the next one turns.
        assert ((steps > 0).sum(axis=1) == 1).all()
        assert (steps.argmax(axis=1) != np.roll(steps.argmax(axis=1), 1)).all()
