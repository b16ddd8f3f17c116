"""Parts add up exactly; repairs are computed by hand."""

from fractions import Fraction

from epsnet_mm.analysis.pq_errors.sizes import coco_sizes, terciles
from epsnet_mm.evaluation.pq_terms.causes import Cause
from epsnet_mm.evaluation.pq_terms.decomposition import decompose
from epsnet_mm.evaluation.pq_terms.terms import FN, FP, TERM, TP
from tests.analysis.pq_errors.line_terms import CATEGORY_OF, terms_of_maps
from tests.analysis.pq_errors.random_maps import random_pair
from tests.analysis.pq_errors.term_rows import rows

import numpy as np
import pytest
from panopticapi.evaluation import PQStat

EVERY = range(len(CATEGORY_OF))


def random_terms(seed: int, count: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    terms = [terms_of_maps(*random_pair(rng)) for _ in range(count)]
    return np.concatenate(terms)


def exact_pq(terms: np.ndarray, category: int) -> Fraction | None:
    """PQ of a category, from the rows and by fractions alone."""
    own = terms[terms['category'] == category]
    kinds = own['kind'].tolist()
    segments = kinds.count(TP) + Fraction(kinds.count(FP) + kinds.count(FN), 2)
    ious = sum(Fraction(x) for x in own['iou'].tolist())
    return ious / segments if segments else None


def assert_parts_add_up(terms: np.ndarray) -> None:
    split = decompose(terms, len(EVERY))
    values = [x for c in EVERY if (x := exact_pq(terms, c)) is not None]
    mean = sum(values, Fraction(0)) / max(len(values), 1)
    assert split.pq(EVERY) == mean
    # No approximation: both sides are fractions.
    assert sum(split.lost(EVERY).values()) == (1 - mean if values else 0)
    for category in EVERY:
        quality = exact_pq(terms, category)
        if quality is not None:
            assert split.pq([category]) == quality
            assert sum(split.lost([category]).values()) == 1 - quality


@pytest.mark.parametrize('seed', range(3))
def test_parts_add_up_exactly(seed):
    """Each of 300 pairs of maps, and all together."""
    rng = np.random.default_rng(seed)
    pairs = [terms_of_maps(*random_pair(rng)) for _ in range(100)]
    for terms in (*pairs, np.concatenate(pairs)):
        assert_parts_add_up(terms)


@pytest.mark.slow
def test_parts_of_ten_thousand_pairs_add_up_exactly():
    rng = np.random.default_rng(3)
    pairs = [terms_of_maps(*random_pair(rng)) for _ in range(10_000)]
    for terms in pairs:
        assert_parts_add_up(terms)
    assert_parts_add_up(np.concatenate(pairs))


def test_exact_pq_is_what_the_metric_rounds():
    terms = random_terms(0, 200)
    stat = PQStat()
    for row in terms:
        counts = stat[int(row['category'])]
        counts.tp += row['kind'] == TP
        counts.fp += row['kind'] == FP
        counts.fn += row['kind'] == FN
        counts.iou += row['iou']
    categories = {c: dict(isthing=1) for c in EVERY}
    averages, _ = stat.pq_average(categories, isthing=None)
    exact = decompose(terms, len(EVERY)).pq(EVERY)
    # Each addition rounds by at most half of the sum's last bit.
    assert abs(Fraction(float(averages['pq'])) - exact) < len(terms) * exact / 2**53
    assert 0 < exact < 1


@pytest.mark.parametrize('sizes', [coco_sizes, terciles])
def test_shares_of_sizes_add_up_exactly(sizes):
    terms = random_terms(1, 100)
    terms['area'] *= 100  # so that all of COCO's sizes occur
    numbers = sizes(terms)
    assert set(numbers) == {0, 1, 2}
    whole = decompose(terms, len(EVERY))
    parts = [decompose(terms[numbers == x], len(EVERY)) for x in range(3)]
    for cause, lost in whole.lost(EVERY).items():
        assert sum(part.lost(EVERY, whole)[cause] for part in parts) == lost
    # Within a size, the parts add up for the PQ of the size.
    for part in parts:
        assert sum(part.lost(EVERY).values()) == 1 - part.pq(EVERY)


def test_parts_by_hand():
    terms = rows(
        (0, TP, Cause.BOUNDARY, 0.75),
        (0, TP, Cause.BOUNDARY, 1.0),
        (0, FN, Cause.SPLIT),
        (0, FP, Cause.SPLIT),
        (0, FP, Cause.SPLIT),
        (0, FP, Cause.SPURIOUS),
        (1, FN, Cause.MISSED_VOID),
    )
    split = decompose(terms, 3)
    # 2 + 3 / 2 + 1 / 2 segments.
    lost = split.lost([0])
    assert split.pq([0]) == Fraction(7, 16)
    assert {k: v for k, v in lost.items() if v} == {
        Cause.BOUNDARY: Fraction(1, 16),
        Cause.SPLIT: Fraction(6, 16),
        Cause.SPURIOUS: Fraction(2, 16),
    }
    # The third category has no segment, and so no part in the mean.
    assert split.counted([0, 1, 2]) == [0, 1]
    assert split.pq([0, 1, 2]) == Fraction(7, 32)
    assert split.lost([0, 1, 2])[Cause.MISSED_VOID] == Fraction(1, 2)
    assert split.pq([2]) == sum(split.lost([2]).values()) == 0


def test_repairs_by_hand():
    terms = rows(
        (0, TP, Cause.BOUNDARY, 0.75),
        (0, FN, Cause.SPLIT),
        (0, FP, Cause.SPLIT),
        (0, FP, Cause.SPLIT),
        (0, FP, Cause.SPURIOUS),
        (1, FN, Cause.MISSED_VOID),
        (2, FP, Cause.SPURIOUS),
    )
    split = decompose(terms, 3)
    # 1 match and 4 halves.
    assert split.pq([0]) == Fraction(3, 4) / 3
    assert split.pq_without(Cause.BOUNDARY, [0]) == Fraction(1, 3)
    # The miss becomes a match of IoU 0.75 too, and two false positives go.
    assert split.pq_without(Cause.SPLIT, [0]) == Fraction(3, 2) / Fraction(5, 2)
    assert split.pq_without(Cause.SPURIOUS, [0]) == Fraction(3, 4) / Fraction(5, 2)
    # Without a match of its own, a category gets the mean IoU of all: 0.75.
    assert split.pq_without(Cause.MISSED_VOID, [1]) == Fraction(3, 4)
    # The third category has nothing left, and leaves the mean.
    assert split.pq_without(Cause.SPURIOUS, [0, 2]) == Fraction(3, 10)
    assert split.pq_without(Cause.SPURIOUS, [2]) == 0


def test_repair_without_any_match():
    split = decompose(rows((0, FN, Cause.MISSED_VOID)), 1)
    assert split.pq_without(Cause.MISSED_VOID, [0]) == 1


@pytest.mark.parametrize('seed', range(3))
def test_repairing_everything_in_turn_never_hurts_a_category(seed):
    split = decompose(random_terms(seed, 100), len(EVERY))
    for category in EVERY:
        before = split.pq([category])
        for cause in Cause:
            after = split.pq_without(cause, [category])
            assert (after > before) == bool(split.lost([category])[cause])


def test_no_terms():
    split = decompose(np.zeros(0, TERM), 2)
    assert split.pq([0, 1]) == split.pq_without(Cause.SPLIT, [0, 1]) == 0


def test_many_terms_do_not_overflow():
    """4096 halves in units of 2 ** -53 need 65 bits."""
    terms = rows(*[(0, FP, Cause.SPURIOUS)] * 4096)
    assert decompose(terms, 1).losses[0, Cause.SPURIOUS] == 2**64
