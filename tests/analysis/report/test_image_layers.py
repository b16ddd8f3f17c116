"""Layers of tiny maps, pixel by pixel."""

import base64
from io import BytesIO

from epsnet_mm.analysis.report.cause_colors import cause_rgb
from epsnet_mm.analysis.report.image_layers import (
    error_layer,
    fit_size,
    jpeg_uri,
    layer_uri,
    segment_layer,
    shrink_ids,
)
from epsnet_mm.evaluation.pq_terms.causes import Cause
from epsnet_mm.evaluation.pq_terms.terms import FN, FP, TERM, TP

import numpy as np
import pytest
from PIL import Image


def test_fit_size():
    assert fit_size((300, 600), 200) == (200, 100)
    assert fit_size((30, 60), 200) == (60, 30)
    assert fit_size((1, 5000), 100) == (100, 1)


def test_shrunk_ids_are_ids():
    ids = np.repeat([[5, 16_000_000]], 4, axis=1).repeat(4, axis=0)
    assert set(np.unique(shrink_ids(ids, (4, 2)))) == {5, 16_000_000}


def test_errors_have_the_color_of_their_cause():
    """A match that is too short, a miss, and a false positive on void."""
    gt = np.array([[1, 1, 1, 2, 2, 0, 0]])
    pred = np.array([[7, 7, 0, 0, 0, 0, 8]])
    terms = np.zeros(3, TERM)
    for row, kind, cause, gt_id, pred_id in zip(
        terms,
        (TP, FN, FP),
        (Cause.BOUNDARY, Cause.MISSED_VOID, Cause.SPURIOUS),
        (1, 2, 0),
        (7, 0, 8),
        strict=True,
    ):
        row['kind'], row['cause'], row['gt_id'], row['pred_id'] = (
            kind,
            cause,
            gt_id,
            pred_id,
        )
    layer = error_layer(gt, pred, terms)[0]
    clear = (0, 0, 0, 0)
    boundary, missed, spurious = (
        (*cause_rgb(cause), 255)
        for cause in (Cause.BOUNDARY, Cause.MISSED_VOID, Cause.SPURIOUS)
    )
    assert [tuple(pixel) for pixel in layer.tolist()] == [
        *(clear, clear, boundary),
        *(missed, missed, clear, spurious),
    ]


def test_void_does_not_count_as_boundary():
    """PQ leaves void out of the union, so a match may reach into it."""
    terms = np.zeros(1, TERM)
    terms['kind'], terms['gt_id'], terms['pred_id'] = TP, 1, 7
    assert not error_layer(np.array([[1, 0]]), np.array([[7, 7]]), terms).any()


def test_segments_have_the_color_of_their_class():
    ids = np.zeros((6, 6), int)
    ids[1:5, 1:5] = 9
    categories = {3: dict(isthing=0), 4: dict(isthing=1)}
    segments = [dict(id=9, category_id=4)]
    layer = segment_layer(ids, segments, categories, [(1, 2, 3), (50, 60, 70)])
    assert tuple(layer[2, 2]) == (50, 60, 70, 255)
    assert layer[0, 0, 3] < 255
    # The outline of a thing is white.
    assert tuple(layer[4, 2]) == (255, 255, 255, 255)


@pytest.mark.parametrize(('kind', 'mode'), [('jpeg', 'RGB'), ('webp', 'RGBA')])
def test_data_uris(kind, mode):
    pixels = np.full((4, 6, len(mode)), 200, np.uint8)
    uri = jpeg_uri(pixels) if kind == 'jpeg' else layer_uri(pixels)
    head, content = uri.split(',')
    assert head == f'data:image/{kind};base64'
    image = Image.open(BytesIO(base64.b64decode(content)))
    assert (image.size, image.mode) == ((6, 4), mode)
    if kind == 'webp':
        assert (np.array(image) == pixels).all()
