"""What the browser gets."""

import base64
import io
import json

from epsnet_runtime.web.view_data import view_data

import numpy as np
import pytest
from PIL import Image


def decode(address, kind):
    head, _, content = address.partition(',')
    assert head == f'data:image/{kind};base64'
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


def test_numbers_and_segments(result):
    data = view_data(result)
    assert (data['name'], data['width'], data['height']) == ('a/b', 8, 6)
    ids = decode(data['ids'], 'png')
    assert (ids[..., 0] == result.panoptic).all()
    assert not ids[..., 1:].any()
    assert decode(data['image'], 'jpeg').shape == (6, 8, 3)
    disc, sand, small = data['segments']
    assert disc['score'] == 0.75
    assert disc['thing'] is True
    assert disc['share'] == pytest.approx(20 / 48)
    assert (sand['score'], sand['name'], sand['area']) == (None, 'sand', 19)
    for segment in data['segments']:
        x, y = segment['label']
        assert result.panoptic[y, x] == segment['number']
    assert disc['color'] != small['color']
    json.dumps(data, allow_nan=False)


def test_large_images_shrink(result):
    result.panoptic = np.kron(result.panoptic, np.ones((10, 10), np.int32))
    result.panoptic[55, 70] = 300
    result.image = np.zeros((60, 80, 3), np.uint8)
    data = view_data(result, max_side=40)
    ids = decode(data['ids'], 'png').astype(int)
    assert ids.shape == (30, 40, 3)
    assert set(np.unique(ids[..., 0] + 256 * ids[..., 1])) <= {0, 1, 2, 3, 300}
    assert (data['width'], data['height']) == (80, 60)


def test_a_segment_without_a_pixel_at_this_size_has_no_label(result):
    data = view_data(result, max_side=2)
    small = data['segments'][2]
    assert small['label'] is None
