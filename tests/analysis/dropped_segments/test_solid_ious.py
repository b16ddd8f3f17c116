"""IoU of outputs with segments, by hand and as the metric has it."""

from epsnet_mm.analysis.dropped_segments.solid_ious import TruthIndex
from epsnet_mm.evaluation.pq_counting import (
    count_listed_intersections,
    match_segments,
)

import numpy as np

INDEX = np.array([[1, 1, 1, 1, 2, 2, 0, 0]])


def test_masks():
    truth = TruthIndex(INDEX, 3)
    mask = np.array([[True, True, False, True]])
    # Pixels 3, 4 and 6; void does not count. The third segment has no pixel.
    assert truth.mask_ious(mask, (3, 0, 7, 1)).tolist() == [1 / 5, 1 / 3, 0]
    assert truth.mask_ious(mask[:, :0], (0, 0, 0, 1)).tolist() == [0, 0, 0]


def test_maps():
    truth = TruthIndex(INDEX, 2)
    labels = np.array([[2, 0, 0, 0, 0, 1, 1, 1]])
    assert truth.label_ious(labels, 3).tolist() == [
        [3 / 5, 1 / 5],
        [0, 1 / 2],
        [1 / 4, 0],
    ]


def test_equal_to_the_metric():
    rng = np.random.default_rng(0)
    for _ in range(20):
        truth_ids, found = rng.integers(0, 4, (2, 6, 7))
        intersections = count_listed_intersections(
            truth_ids, [1, 2, 3], found, [1, 2, 3], ('a', 'b')
        )
        segments = [dict(id=i, category_id=1) for i in (1, 2, 3)]
        expected = match_segments(intersections, segments, [1, 1, 1]).ious
        truth = TruthIndex(truth_ids, 3)
        assert (truth.label_ious(found, 4)[1:] == expected.T).all()
        for number in (1, 2, 3):
            ious = truth.mask_ious(found == number, (0, 0, 7, 6))
            assert (ious == expected[:, number - 1]).all()
