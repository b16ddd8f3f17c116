"""Masks are linear combinations of prototypes (equations 1 to 3)."""

import torch
from torch import Tensor


def linear_combination(prototypes: Tensor, coeffs: Tensor) -> Tensor:
    """Combine the prototypes of one image into masks.

    Args:
        prototypes: (K, h, w).
        coeffs: (D, K), one row for each mask, in [-1, 1].

    Returns:
        (D, h, w) mask logits. A sigmoid makes them instance masks
        (equation 2), a softmax over D semantic ones (equation 3).
    """
    return torch.einsum('dk,khw->dhw', coeffs, prototypes)
