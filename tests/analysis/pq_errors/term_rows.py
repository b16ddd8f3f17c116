"""Rows of terms, written by hand."""

from epsnet_mm.evaluation.pq_terms.attribution import NONE
from epsnet_mm.evaluation.pq_terms.causes import Cause
from epsnet_mm.evaluation.pq_terms.terms import TERM, TP

import numpy as np


def rows(*terms: tuple) -> np.ndarray:
    """Make terms of (category, kind, cause[, IoU]), all of image 0."""
    table = np.zeros(len(terms), TERM)
    for row, (category, kind, cause, *iou) in zip(table, terms, strict=True):
        row['category'], row['kind'], row['cause'] = category, kind, Cause(cause)
        row['iou'] = iou[0] if iou else 0
        row['loss'] = 1 - row['iou'] if kind == TP else 0.5
        row['other'] = NONE
    return table
