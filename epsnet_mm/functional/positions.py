"""Positions as prototypes: instance masks that know where their box is (EPSNet+)."""

import torch
from torch import Tensor

#: Terms of a polynomial of degree two over a position.
POSITION_TERMS = 6


def append_positions(prototypes: Tensor) -> Tensor:
    """Prototypes, then 1, x, y, x^2, x y and y^2 of each pixel.

    Args:
        prototypes: (K, h, w).

    Returns:
        (K + 6, h, w); x and y are positions of pixel centers over the size of the
        map, in [0, 1].
    """
    h, w = prototypes.shape[-2:]
    like = dict(dtype=prototypes.dtype, device=prototypes.device)
    x = ((torch.arange(w, **like) + 0.5) / w).expand(h, w)
    y = ((torch.arange(h, **like) + 0.5) / h)[:, None].expand(h, w)
    terms = torch.stack([torch.ones_like(x), x, y, x * x, x * y, y * y])
    return torch.cat([prototypes, terms])


def positions_in_image(coeffs: Tensor, relative_boxes: Tensor) -> Tensor:
    """Coefficients for positions in boxes to those for positions in the image.

    A polynomial over the position inside of a box, u and v in [-1, 1], is one over
    the position in the image too. So all instances share the six position maps of
    `append_positions`, and masks stay prototypes times coefficients.

    Args:
        coeffs: (D, K + 6), the last six for 1, u, v, u^2, u v and v^2.
        relative_boxes: (D, 4) as x1, y1, x2, y2 over the size of the image.

    Returns:
        (D, K + 6), the last six for 1, x, y, x^2, x y and y^2.
    """
    of_prototypes = coeffs[:, :-POSITION_TERMS]
    one, u, v, uu, uv, vv = coeffs[:, -POSITION_TERMS:].unbind(dim=1)
    center = (relative_boxes[:, :2] + relative_boxes[:, 2:]) / 2
    # At least a thousandth of the image, so that squares of the inverse stay small.
    half = ((relative_boxes[:, 2:] - relative_boxes[:, :2]) / 2).clamp(min=1e-3)
    # u = a x + b and v = c y + d
    a, c = (1 / half).unbind(dim=1)
    b, d = (-center / half).unbind(dim=1)
    of_positions = [
        one + u * b + v * d + uu * b * b + uv * b * d + vv * d * d,
        a * (u + 2 * uu * b + uv * d),
        c * (v + 2 * vv * d + uv * b),
        uu * a * a,
        uv * a * c,
        vv * c * c,
    ]
    return torch.cat([of_prototypes, torch.stack(of_positions, dim=1)], dim=1)
