"""Summary of repeated measurements."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Summary(NamedTuple):
    """Median and 95th percentile of repeated measurements."""

    median: float
    p95: float


def summarize(values: Sequence[float]) -> Summary:
    """Median and 95th percentile, interpolated between measurements.

    Raises:
        ValueError: There are no measurements.
    """
    if not len(values):
        raise ValueError(
            'There are no measurements to summarize: measure at least once.'
        )
    median, p95 = np.percentile(values, [50, 95])
    return Summary(float(median), float(p95))
