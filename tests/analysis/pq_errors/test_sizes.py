from epsnet_mm.analysis.pq_errors.sizes import coco_sizes, terciles
from epsnet_mm.evaluation.pq_terms.causes import Cause
from epsnet_mm.evaluation.pq_terms.terms import FN, FP, TERM, TP
from tests.analysis.pq_errors.term_rows import rows

import numpy as np


def with_areas(*terms: tuple) -> np.ndarray:
    """Terms of (category, kind, area)."""
    table = rows(*((c, kind, Cause.SPLIT, kind == TP) for c, kind, _ in terms))
    table['area'] = [area for *_, area in terms]
    return table


def test_coco_sizes():
    areas = [0, 1023, 1024, 9215, 9216, 10**6]
    terms = with_areas(*((0, TP, area) for area in areas))
    assert coco_sizes(terms).tolist() == [0, 0, 1, 1, 2, 2]


def test_terciles_of_each_category():
    areas = [(0, 6), (0, 1), (0, 5), (0, 2), (0, 3), (0, 4), (1, 700), (1, 600)]
    objects = [(category, FN, area) for category, area in areas]
    # Predictions are put where objects of their area are. Those of a category
    # without objects are measured by all objects: 2, 3 | 4, 5, 6 | 600, 700.
    predictions = [(0, FP, 100), (0, FP, 0), (2, FP, 3), (2, FP, 4), (2, FP, 650)]
    sizes = terciles(with_areas(*objects, *predictions)).tolist()
    assert sizes[:6] == [2, 0, 2, 0, 1, 1]
    assert sizes[6:8] == [1, 0]
    assert sizes[8:] == [2, 0, 0, 1, 2]


def test_equal_areas_are_in_one_third():
    terms = with_areas(*((0, TP, 7) for _ in range(5)))
    assert set(terciles(terms)) == {0}


def test_nothing():
    assert terciles(np.zeros(0, TERM)).tolist() == []
    assert terciles(with_areas((0, FP, 3))).tolist() == [0]
