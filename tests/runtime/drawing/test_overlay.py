"""Colors and outlines on images of known pixels."""

import tracemalloc

from epsnet_runtime.drawing.overlay import Style, draw_overlay, paint
from epsnet_runtime.segment import Segment

import numpy as np
import pytest

DISC, SAND = (200, 100, 0), (0, 0, 255)


def test_paint_tints_segments_and_dims_void():
    image = np.full((9, 18, 3), 100, np.uint8)
    panoptic = np.zeros((9, 18), np.int32)
    panoptic[:, :9] = 1
    painted = paint(image, panoptic, {1: DISC}, [1])
    # 100 + 0.55 * (color - 100) inside, away from the outline; 0.4 * 100 else.
    assert painted[4, 4].tolist() == [155, 100, 45]
    assert painted[4, 15].tolist() == [40, 40, 40]
    assert painted[0, 4].min() > 200  # the outline
    assert image.min() == 100


def test_outlines_of_things_lie_over_those_of_stuff():
    panoptic = np.ones((9, 18), np.int32)
    panoptic[:, 9:] = 2
    image = np.full((9, 18, 3), 100, np.uint8)
    painted = paint(image, panoptic, {1: SAND, 2: DISC}, [2])
    assert painted[4, 7:11].tolist() == [
        [45, 45, 185],
        [40, 40, 40],
        [255, 255, 255],
        [155, 100, 45],
    ]


@pytest.mark.parametrize('blend', [0, 0.3, 1])
def test_blend(blend):
    image = np.random.default_rng(0).integers(0, 256, (5, 5, 3), np.uint8)
    style = Style(blend, outlines=False)
    painted = paint(image, np.ones((5, 5), np.int32), {1: DISC}, [1], style)
    expected = image + blend * (np.array(DISC) - image.astype(float))
    assert np.abs(painted - expected).max() <= 0.51


def test_rows_are_drawn_as_one_picture(monkeypatch):
    """The picture is made in blocks of rows, and no seam shows."""
    rng = np.random.default_rng(0)
    panoptic = rng.integers(0, 4, (9, 7)).repeat(100, axis=0).repeat(120, axis=1)
    image = rng.integers(0, 256, (*panoptic.shape, 3), np.uint8)
    colors = {1: DISC, 2: SAND, 3: (9, 9, 9)}
    blocks = paint(image, panoptic, colors, [1, 3])
    monkeypatch.setattr('epsnet_runtime.drawing.overlay._ROWS', 10**6)
    assert (blocks == paint(image, panoptic, colors, [1, 3])).all()


@pytest.mark.parametrize('shape', [(1, 1), (1, 300), (300, 2)])
def test_any_shape(shape, result):
    image = np.full((*shape, 3), 200, np.uint8)
    drawn = draw_overlay(
        image, np.ones(shape, np.int32), result.segments[:1], [DISC, SAND]
    )
    assert drawn.shape == image.shape


def test_legend_names_what_is_there(result):
    style = Style(legend=True, labels=False)
    palette = [DISC, SAND]
    args = result.image, result.panoptic, result.segments
    drawn = draw_overlay(*args, palette, style)
    colors = {tuple(color) for color in drawn[6:].reshape(-1, 3).tolist()}
    # The picture is as narrow as the image, so that each entry has its row.
    assert {DISC, SAND, (40, 40, 40)} <= colors


def test_everything_void():
    image = np.full((9, 9, 3), 100, np.uint8)
    drawn = draw_overlay(image, np.zeros((9, 9), np.int32), [], [DISC])
    assert (drawn == 40).all()


def test_a_picture_of_twelve_megapixels_needs_little_memory():
    image = np.zeros((3000, 4000, 3), np.uint8)
    panoptic = np.ones((3000, 4000), np.int32)
    panoptic[1000:2000, 1000:2000] = 2
    segments = [
        Segment(1, 0, 'sand', False, None, 11_000_000, (0, 0, 4000, 3000)),
        Segment(2, 1, 'disc', True, 0.5, 1_000_000, (1000, 1000, 2000, 2000)),
    ]
    tracemalloc.start()
    try:
        style = Style(legend=True)
        draw_overlay(image, panoptic, segments, [(255, 0, 0), (0, 0, 255)], style)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The picture takes 36 MB, twice when the legend is added.
    assert peak < 150e6
