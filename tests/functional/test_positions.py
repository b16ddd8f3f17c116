"""Positions as prototypes."""

from epsnet_mm.functional import (
    POSITION_TERMS,
    append_positions,
    linear_combination,
    positions_in_image,
)

import pytest
import torch


def test_appended_maps_by_hand():
    maps = append_positions(torch.full((2, 1, 2), 7.0))

    x = torch.tensor([0.25, 0.75])
    assert maps.shape == (2 + POSITION_TERMS, 1, 2)
    assert maps[:2].eq(7).all()
    for found, wanted in zip(
        maps[2:, 0], [x**0, x, x * 0 + 0.5, x * x, x * 0.5, x * 0 + 0.25], strict=True
    ):
        torch.testing.assert_close(found, wanted)


def test_polynomial_in_the_box_against_a_loop():
    generator = torch.Generator().manual_seed(0)
    coeffs = torch.randn(3, 2 + POSITION_TERMS, generator=generator)
    boxes = torch.tensor(
        [[0.1, 0.2, 0.5, 0.9], [-0.2, 0, 1.3, 0.3], [0.4, 0.4, 0.45, 0.5]]
    )
    prototypes = torch.randn(2, 6, 8, generator=generator)

    masks = linear_combination(
        append_positions(prototypes), positions_in_image(coeffs, boxes)
    )

    for d, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        for row in range(6):
            for column in range(8):
                u = ((column + 0.5) / 8 - (x1 + x2) / 2) / ((x2 - x1) / 2)
                v = ((row + 0.5) / 6 - (y1 + y2) / 2) / ((y2 - y1) / 2)
                a, b, *c = coeffs[d].tolist()
                wanted = a * prototypes[0, row, column] + b * prototypes[1, row, column]
                terms = (1, u, v, u * u, u * v, v * v)
                wanted += sum(x * y for x, y in zip(c, terms, strict=True))
                assert masks[d, row, column].item() == pytest.approx(
                    wanted.item(), rel=1e-3, abs=1e-3
                )


def test_empty_box_and_no_box_stay_finite():
    coeffs = torch.ones(2, POSITION_TERMS)
    boxes = torch.tensor([[0.5, 0.5, 0.5, 0.5], [0.6, 0.6, 0.4, 0.4]])

    assert positions_in_image(coeffs, boxes).isfinite().all()
    assert positions_in_image(coeffs[:0], boxes[:0]).shape == (0, POSITION_TERMS)
