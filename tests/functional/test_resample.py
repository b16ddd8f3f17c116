"""Bilinear resampling, against PyTorch's interpolation."""

from epsnet_mm.functional import (
    BilinearAxis,
    BoundedCache,
    image_axes,
    image_size,
    resample,
    source_scales,
)

import pytest
import torch
import torch.nn.functional as F

CPU = torch.device('cpu')


def test_taps_by_hand():
    # Positions -0.25, 0.25, 0.75 and 1.25 of two pixels; the ends are clamped.
    lower, upper, weight = BilinearAxis(2, 4, 0.5, CPU).taps

    assert lower.tolist() == [0, 0, 0, 1]
    assert upper.tolist() == [1, 1, 1, 1]
    assert weight.tolist() == [0, 0.25, 0.75, 0]


@pytest.mark.parametrize(
    ('in_size', 'out_size'), [(5, 5), (5, 13), (138, 640), (13, 5), (1, 4)]
)
def test_taps_against_interpolate(in_size, out_size):
    values = torch.randn(in_size, generator=torch.Generator().manual_seed(0))

    lower, upper, weight = BilinearAxis(in_size, out_size, in_size / out_size, CPU).taps

    expected = F.interpolate(
        values[None, None, :, None], (out_size, 1), mode='bilinear', align_corners=False
    ).flatten()
    torch.testing.assert_close(
        torch.lerp(values[lower], values[upper], weight), expected, atol=1e-4, rtol=0
    )


def test_maps_against_interpolate():
    maps = torch.randn(3, 5, 7, generator=torch.Generator().manual_seed(0))

    expected = F.interpolate(maps[None], (12, 9), mode='bilinear', align_corners=False)[
        0
    ]

    found = resample(maps, (12, 9), (5 / 12, 7 / 9))
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)


def test_scales_without_padding():
    meta = dict(img_shape=(64, 64), batch_input_shape=(64, 64), ori_shape=(32, 128))

    assert source_scales((16, 16), meta) == (0.5, 0.125)


def test_scales_leave_padding_out():
    # 48 of 64 rows are image: 12 of 16 prototype rows show 96 original rows.
    meta = dict(img_shape=(48, 64), batch_input_shape=(64, 64), ori_shape=(96, 128))

    assert source_scales((16, 16), meta) == (0.125, 0.125)
    # OpenCV's shapes have the channels behind the size.
    meta['img_shape'] = (48, 64, 3)
    assert source_scales((16, 16), meta) == (0.125, 0.125)


def test_sizes_and_scales_of_the_image_in_the_input():
    meta = dict(img_shape=(48, 64), batch_input_shape=(64, 64), ori_shape=(96, 128))

    assert image_size(meta) == (96, 128)
    assert image_size(meta, rescale=False) == (48, 64)
    # Four pixels of the input for each prototype, padding or not.
    assert source_scales((16, 16), meta, rescale=False) == (0.25, 0.25)


@pytest.mark.parametrize('rescale', [True, False])
def test_axes_from_a_map_to_the_image(rescale):
    meta = dict(img_shape=(48, 64), batch_input_shape=(64, 64), ori_shape=(96, 96))

    rows, columns = image_axes((16, 16), meta, CPU, rescale)

    assert (rows.out_size, columns.out_size) == image_size(meta, rescale)
    assert (rows.scale, columns.scale) == source_scales((16, 16), meta, rescale)
    assert (rows.in_size, columns.in_size) == (16, 16)


def test_axes_are_made_once_by_a_cache():
    cache = BoundedCache(BilinearAxis, max_results=4)
    meta = dict(img_shape=(64, 64), batch_input_shape=(64, 64), ori_shape=(96, 128))

    first = image_axes((16, 16), meta, CPU, make_axis=cache)
    again = image_axes((16, 16), meta, CPU, make_axis=cache)

    assert first[0] is again[0]
    assert first[1] is again[1]


@pytest.mark.parametrize(('in_size', 'out_size'), [(5, 5), (5, 13), (13, 5), (1, 4)])
def test_the_matrix_interpolates_like_the_taps(in_size, out_size):
    values = torch.randn(in_size, generator=torch.Generator().manual_seed(0))
    axis = BilinearAxis(in_size, out_size, in_size / out_size, CPU)
    lower, upper, weight = axis.taps

    matrix = axis.matrix

    assert matrix.shape == (out_size, in_size)
    torch.testing.assert_close(matrix.sum(dim=1), torch.ones(out_size))
    torch.testing.assert_close(
        matrix @ values, torch.lerp(values[lower], values[upper], weight)
    )
