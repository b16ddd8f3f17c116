"""Counts as tables and as PQ, by hand."""

from epsnet_mm.analysis.fusion_counter import quality_percent, tabulate_counts

import numpy as np
import pytest
from panopticapi.evaluation import PQStat


def test_tables_and_quality():
    stats = [PQStat(), PQStat()]
    stats[0][7].tp, stats[0][7].iou = 1, 0.75
    stats[1][7].fn = 2
    stats[1][4].fp = 1
    counts = tabulate_counts(stats, [7, 4, 9])
    assert counts.tp.tolist() == [[1, 0, 0], [0, 0, 0]]
    assert counts.fn.tolist() == [[0, 0, 0], [2, 0, 0]]
    # 0.75 / (1 + 2 / 2), and 0 for one false positive; the third class has nothing.
    everything = np.array([True, True, True])
    assert quality_percent(counts, everything) == pytest.approx((37.5 + 0) / 2)
    assert quality_percent(counts, np.array([True, False, True])) == 37.5
