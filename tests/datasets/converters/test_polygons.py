from epsnet_mm.datasets.converters import polygons as module
from epsnet_mm.datasets.converters.polygons import encode_polygons, read_polygons

import numpy as np
import pytest
from pycocotools import mask as coco_mask

SIZE = (40, 60)


def rasterise(polygons):
    """What pycocotools makes of polygons, without any cut."""
    parts = coco_mask.frPyObjects([x.ravel().tolist() for x in polygons], *SIZE)
    return coco_mask.decode(coco_mask.merge(parts))


def convert(polygons):
    encoded = encode_polygons(read_polygons(polygons, *SIZE), *SIZE)
    return coco_mask.decode(encoded)


def random_polygons(count, spread):
    """Polygons, also with crossing edges, up to `spread` images away."""
    generator = np.random.default_rng(0)
    for _ in range(count):
        points = generator.integers(3, 12)
        yield generator.uniform(-spread, 1 + spread, (points, 2)) * 60


def distance_to_outline(pixels, points):
    """(M,) distance of pixel centers (M, 2) to the nearest edge of a polygon."""
    start, edge = points, np.roll(points, -1, axis=0) - points
    offset = pixels[:, None] + 0.5 - start
    along = (offset * edge).sum(-1) / (edge**2).sum(-1)
    nearest = start + along.clip(0, 1)[..., None] * edge
    return np.linalg.norm(pixels[:, None] + 0.5 - nearest, axis=-1).min(axis=1)


def test_moderate_coordinates_give_the_uncut_mask():
    for points in random_polygons(300, spread=0.6):
        expected = rasterise([points])
        assert np.array_equal(convert([points.ravel().tolist()]), expected)


def test_cut_polygons_differ_only_where_the_outline_runs():
    """Cut points are rounded to a fifth of a pixel, by the rasteriser."""
    num_cut = 0
    for points in random_polygons(300, spread=20):
        flat = points.ravel().tolist()
        num_cut += [x.tolist() for x in read_polygons([flat], *SIZE)] != [flat]
        changed = rasterise([points]) != convert([flat])
        if changed.any():
            pixels = np.argwhere(changed)[:, ::-1]
            assert distance_to_outline(pixels, points).max() < 0.5
    assert num_cut > 290


def test_several_polygons_are_joined():
    left, right = [0, 0, 4, 0, 4, 4, 0, 4], [10, 0, 14, 0, 14, 4, 10, 4]
    mask = convert([left, right])
    assert mask.sum() == 32
    assert mask[0].nonzero()[0].tolist() == [0, 1, 2, 3, 10, 11, 12, 13]


@pytest.mark.parametrize('far', [1e9, 1e18, 1e300])
def test_far_coordinates_are_cut(far):
    outlines = read_polygons([[10, 5, far, 5, far, far, 10, far]], *SIZE)
    assert np.abs(outlines).max() <= 120
    mask = convert([[10, 5, far, 5, far, far, 10, far]])
    assert mask[5:, 10:].all()
    assert mask.sum() == 35 * 50


def test_polygons_outside_of_the_image_have_no_pixel():
    assert not convert([[1e9, 1e9, 2e9, 1e9, 2e9, 2e9]]).any()
    assert not convert([[70, 50, 80, 50, 80, 60]]).any()


@pytest.mark.parametrize(
    ('polygon', 'message'),
    [
        ([1, 2, 3, 4], 'has 4 coordinates'),
        ([1, 2, 3, 4, 5, 6, 7], 'has 7 coordinates'),
        ([1, 2, 3, 4, 5, float('nan')], 'is not finite'),
        ([1, 2, 3, 4, 5, float('inf')], 'is not finite'),
        ([1, 2, 3, 4, 5, None], 'no number'),
        ([1, 2, 3, 4, 5, '6'], 'no number'),
        ([1, 2, 3, 4, 5, [6]], 'no number'),
        ([[1, 2]] * 6, 'no number'),
        ([1, 2, 3, 4, 5, 10**400], 'no number'),
        (7, 'no list'),
        ({'a': 1}, 'no list'),
    ],
)
def test_wrong_polygons(polygon, message):
    with pytest.raises(ValueError, match=message):
        read_polygons([[0, 0, 1, 0, 1, 1], polygon], *SIZE)


def test_long_outlines_are_refused(monkeypatch):
    monkeypatch.setattr(module, '_MAX_OUTLINE', 1000)
    zigzag = [[0, 0, 60, 40] * 10]
    with pytest.raises(ValueError, match='1200 pixels long'):
        read_polygons(zigzag, *SIZE)
    assert read_polygons([[0, 0, 60, 40] * 8], *SIZE)
