"""The split by rules is exact, on random terms and on an untrained network."""

from fractions import Fraction

from epsnet_mm.analysis.dropped_segments.rules import Rule
from epsnet_mm.analysis.dropped_segments.summary import (
    NO_MISS,
    ImageDrops,
    drop_summary,
    drop_table,
    find_drops,
    shares,
)
from epsnet_mm.evaluation.pq_terms.causes import Cause
from epsnet_mm.evaluation.pq_terms.decomposition import decompose
from epsnet_mm.evaluation.pq_terms.terms import FN, FP, TP
from tests.analysis.pq_errors.term_rows import rows

import numpy as np
import pytest

_CAUSES = {
    TP: [Cause.BOUNDARY],
    FN: [Cause.MISSED_VOID, Cause.MERGED],
    FP: [Cause.SPURIOUS, Cause.DUPLICATE],
}


def test_each_miss_has_a_rule_and_the_parts_add_up(untrained):
    model, dataset, cfg = untrained
    drops = list(find_drops(model, dataset, cfg.test_evaluator, 0.0))
    assert len(drops) == len(dataset)
    terms = np.concatenate([x.terms for x in drops])
    rules = np.concatenate([x.rules for x in drops])
    assert ((rules == NO_MISS) == (terms['kind'] != FN)).all()
    assert (terms['kind'] == FN).any()
    count = len(dataset.metainfo['classes'])
    parts = shares(terms, rules, count)
    whole = decompose(terms, count)
    assert sum(parts.values()) == 1 - whole.pq(range(count))


def test_parts_are_exact_on_random_rules():
    rng = np.random.default_rng(0)
    for _ in range(50):
        terms = rows(
            *(
                (rng.integers(3), kind, rng.choice(_CAUSES[kind]), 0.5 + iou / 2)
                for kind, iou in zip(
                    rng.integers(0, 3, 30), rng.random(30), strict=True
                )
            )
        )
        rules = np.where(terms['kind'] == FN, rng.integers(0, len(Rule), 30), NO_MISS)
        parts = shares(terms, rules, 3)
        assert sum(parts.values()) == 1 - decompose(terms, 3).pq(range(3))
        assert all(isinstance(x, Fraction | int) for x in parts.values())


def test_summary_and_table():
    """Class 0: a match of 0.8 and a miss that a rule dropped; class 1: a miss."""
    terms = rows(
        (0, TP, Cause.BOUNDARY, 0.8),
        (0, FN, Cause.MISSED_VOID),
        (1, FN, Cause.MISSED_VOID),
    )
    drop = ImageDrops(
        terms,
        np.array([NO_MISS, Rule.SCORE, Rule.NETWORK]),
        np.array([0, 0.6, 0]),
        {Rule.SCORE: np.array([1, 2, 3])},
    )
    summary = drop_summary([drop], np.array([True, False]), ['car', 'sky'])
    # (0.8 / 1.5 + 0) / 2
    assert summary['pq'] == pytest.approx(80 / 3)
    by_name = {row['name']: row for row in summary['rules']}
    score = by_name['bbox_head.score_thr']
    assert score['misses'] == 1
    assert score['classes'] == dict(car=1)
    # Half a segment of 1.5, in one of two classes.
    assert score['lost'] == pytest.approx(100 / 6)
    # Two matches of 0.8 and 0.6, in one of two classes.
    assert score['repaired'] == pytest.approx(35)
    assert [score[x] for x in ('right', 'second', 'false')] == [1, 2, 3]
    none = by_name['no output fits']
    assert (none['lost'], none['repaired'], none['right']) == (50, None, None)
    assert summary['others'] == pytest.approx(100 * 0.2 / 1.5 / 2)
    lines = drop_table(summary).splitlines()
    assert lines[2] == '| no output fits | 1 | 50.00 |  |  |  |'
    assert lines[3] == '| bbox_head.score_thr | 1 | 16.67 | 35.00 | 2 | 3 |'
    assert lines[-1] == '| 100 - PQ |  | 73.33 |  |  |  |'
