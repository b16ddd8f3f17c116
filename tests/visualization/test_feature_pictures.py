from epsnet_mm.visualization import feature_pictures as fp

import numpy as np
import pytest


def test_heat_goes_from_dark_to_bright():
    colors = fp.heat(np.array([[0.0, 0.5, 1.0, 7.0]]))[0].astype(int)
    assert colors.sum(axis=1).tolist() == sorted(colors.sum(axis=1).tolist())
    # RGB: dark blue has more blue than green, yellow the reverse.
    assert colors[0, 2] > colors[0, 1]
    assert colors[2, 1] > colors[2, 2]
    assert (colors[2] == colors[3]).all()


def test_overlay_covers_more_where_it_is_hot():
    image = np.full((1, 2, 3), 200, np.uint8)
    heat = fp.heat(np.array([[0.0, 1.0]])).astype(float)
    found = fp.heat_overlay(image, np.array([[0.0, 1.0]]))
    expected = 200 + np.array([0.35, 0.85])[:, None] * (heat[0] - 200)
    assert abs(found[0] - expected).max() <= 0.5


def test_marked_pixel_stays_visible():
    image = np.zeros((60, 60, 3), np.uint8)
    marked = fp.mark_point(image, (20, 40))
    assert not image.any()
    assert not marked[40, 20].any()
    # The ring has a radius of 6 pixels.
    assert marked[40, 26, 0] > 200
    assert marked[34, 20, 0] > 200
    assert not marked[20, 40].any()


def test_box():
    drawn = fp.draw_box(np.zeros((10, 10, 3), np.uint8), [2.2, 3, 6, 8])
    ys, xs = np.nonzero(drawn[..., 0])
    assert (xs.min(), ys.min(), xs.max(), ys.max()) == (2, 3, 5, 7)


def test_attention_has_a_panel_for_each_map():
    image = np.zeros((400, 500, 3), np.uint8)
    weights = np.zeros((400, 500))
    weights[100:200, 300:400] = 0.01
    picture = fp.draw_attention(image, (50, 60), [('P3', weights), ('P4', weights)])
    assert picture.shape[1] == 3 * 500 + 2 * 6
    bar = len(picture) - 400
    hot, cold = picture[bar + 150, 506 + 350], picture[bar + 350, 506 + 350]
    assert hot.sum() > 2 * cold.sum()


def test_maps_of_small_images_grow_with_them():
    image = np.zeros((100, 100, 3), np.uint8)
    picture = fp.draw_attention(image, (0, 0), [('P3', np.ones((100, 100)))])
    assert picture.shape[1] == 2 * 400 + 6


@pytest.mark.parametrize('coeffs', [[], [0.5, -1.0, 0.0]])
def test_prototypes_in_a_grid(coeffs):
    prototypes = np.zeros((3, 20, 40), np.float32)
    prototypes[1] = 2
    picture = fp.draw_prototypes(
        prototypes,
        coeffs,
        [('input', np.zeros((20, 40, 3), np.uint8))],
        columns=2,
        tile_width=60,
    )
    tile = 60 + 2 * 5
    assert picture.shape[1] == 2 * tile + 6
    # Of the second prototype: its frame, and inside the brightest color.
    rows = np.flatnonzero((picture[:, tile + 6 + 35] == [253, 231, 37]).all(axis=1))
    assert len(rows) == 30
    frame = picture[rows[0] - 3, tile + 6 + 35]
    assert frame.tolist() == ([200, 40, 40] if coeffs else [128, 128, 128])


def test_rows_are_padded_to_one_width():
    rows = [np.zeros((2, 3, 3), np.uint8), np.zeros((4, 5, 3), np.uint8)]
    stacked = fp.stack_rows(rows)
    assert stacked.shape == (2 + 4 + 2 * 6, 5, 3)
    assert (stacked[0, 3:] == 255).all()
    assert not stacked[0, :3].any()


@pytest.mark.parametrize('shape', [(3000, 2), (2, 3000)])
def test_prototypes_of_any_shape(shape):
    image = np.zeros((*shape, 3), np.uint8)
    picture = fp.draw_prototypes(np.ones((8, *shape)), (), [('input', image)])
    assert max(picture.shape) < 4 * (160 + 320) + 200
