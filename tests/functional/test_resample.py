"""Bilinear taps, against PyTorch's interpolation."""

from epsnet_mm.functional import bilinear_matrix, bilinear_taps, resample, source_scales

import pytest
import torch
import torch.nn.functional as F

CPU = torch.device('cpu')


def test_taps_by_hand():
    # Positions -0.25, 0.25, 0.75 and 1.25 of two pixels; the ends are clamped.
    lower, upper, weight = bilinear_taps(2, 4, 0.5, CPU)

    assert lower.tolist() == [0, 0, 0, 1]
    assert upper.tolist() == [1, 1, 1, 1]
    assert weight.tolist() == [0, 0.25, 0.75, 0]


@pytest.mark.parametrize(
    ('in_size', 'out_size'), [(5, 5), (5, 13), (138, 640), (13, 5), (1, 4)]
)
def test_taps_against_interpolate(in_size, out_size):
    values = torch.randn(in_size, generator=torch.Generator().manual_seed(0))

    lower, upper, weight = bilinear_taps(in_size, out_size, in_size / out_size, CPU)

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


@pytest.mark.parametrize(('in_size', 'out_size'), [(5, 5), (5, 13), (13, 5), (1, 4)])
def test_the_matrix_interpolates_like_the_taps(in_size, out_size):
    values = torch.randn(in_size, generator=torch.Generator().manual_seed(0))
    scale = in_size / out_size
    lower, upper, weight = bilinear_taps(in_size, out_size, scale, CPU)

    matrix = bilinear_matrix(in_size, out_size, scale, CPU)

    assert matrix.shape == (out_size, in_size)
    torch.testing.assert_close(matrix.sum(dim=1), torch.ones(out_size))
    torch.testing.assert_close(
        matrix @ values, torch.lerp(values[lower], values[upper], weight)
    )
