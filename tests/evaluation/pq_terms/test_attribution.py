"""Hand-computed cases of each cause, and random images against a slow reference."""

from epsnet_mm.evaluation.pq_terms.causes import Cause
from epsnet_mm.evaluation.pq_terms.terms import FP
from tests.analysis.pq_errors.line_terms import (
    CATEGORY_OF,
    named,
    terms_of_line,
    terms_of_maps,
)
from tests.analysis.pq_errors.random_maps import random_pair
from tests.analysis.pq_errors.slow_attribution import slow_terms
from tests.evaluation.pq_cases import CASES, CAT, DOG, SEA, SKY, Line

import numpy as np
import pytest

THINGS = {x['id'] for x in CATEGORY_OF.values() if x['isthing']}

# A line (ground truth, prediction), and its terms, found by hand.
BY_CAUSE: dict[str, tuple[Line, list[tuple]]] = {
    'boundary': (
        ([(CAT, 0, 50)], [(CAT, 0, 40)]),
        [('TP', CAT, Cause.BOUNDARY)],
    ),
    'missed, nothing predicted': (
        ([(CAT, 0, 50)], []),
        [('FN', CAT, Cause.MISSED_VOID)],
    ),
    'missed, half left void': (
        ([(CAT, 0, 40), (SKY, 40, 60)], [(SKY, 20, 60)]),
        [
            ('FN', CAT, Cause.MISSED_VOID),
            ('FN', SKY, Cause.LOCALIZATION),
            ('FP', SKY, Cause.LOCALIZATION),
        ],
    ),
    'missed, covered by another match': (
        ([(CAT, 0, 20), (SKY, 20, 100)], [(SKY, 0, 100)]),
        [('FN', CAT, Cause.MISSED_COVERED), ('TP', SKY, Cause.BOUNDARY)],
    ),
    'spurious': (
        ([(SKY, 0, 100)], [(SKY, 0, 80), (CAT, 80, 100)]),
        [('TP', SKY, Cause.BOUNDARY), ('FP', CAT, Cause.SPURIOUS)],
    ),
    'wrong thing': (
        ([(CAT, 0, 50)], [(DOG, 0, 40)]),
        [('FN', CAT, Cause.WRONG_THING), ('FP', DOG, Cause.WRONG_THING)],
    ),
    'wrong stuff': (
        ([(SKY, 0, 50)], [(SEA, 0, 50)]),
        [('FN', SKY, Cause.WRONG_STUFF), ('FP', SEA, Cause.WRONG_STUFF)],
    ),
    'thing as stuff': (
        ([(CAT, 0, 50)], [(SEA, 0, 50)]),
        [('FN', CAT, Cause.WRONG_KIND), ('FP', SEA, Cause.WRONG_KIND)],
    ),
    'stuff as thing': (
        ([(SEA, 0, 50)], [(CAT, 0, 50)]),
        [('FN', SEA, Cause.WRONG_KIND), ('FP', CAT, Cause.WRONG_KIND)],
    ),
    # IoU exactly a half: of the same class it is localization, of another one nothing.
    'wrong class and wrong shape': (
        ([(CAT, 0, 80), (SEA, 80, 100)], [(DOG, 0, 40), (SEA, 40, 100)]),
        [
            ('FN', CAT, Cause.MISSED_COVERED),
            ('FP', DOG, Cause.SPURIOUS),
            ('FN', SEA, Cause.LOCALIZATION),
            ('FP', SEA, Cause.LOCALIZATION),
        ],
    ),
    'localization at IoU 1 / 9': (
        (
            [(CAT, 0, 50), (SKY, 50, 70), (SEA, 70, 100)],
            [(CAT, 40, 90)],
        ),
        [
            ('FN', CAT, Cause.LOCALIZATION),
            ('FP', CAT, Cause.LOCALIZATION),
            ('FN', SKY, Cause.MISSED_COVERED),
            ('FN', SEA, Cause.MISSED_COVERED),
        ],
    ),
    'IoU 10 / 100 is no localization': (
        (
            [(CAT, 0, 55), (SKY, 55, 75), (SEA, 75, 100)],
            [(CAT, 45, 100)],
        ),
        [
            ('FN', CAT, Cause.MISSED_VOID),
            ('FP', CAT, Cause.SPURIOUS),
            ('FN', SKY, Cause.MISSED_COVERED),
            ('FN', SEA, Cause.MISSED_COVERED),
        ],
    ),
    'split in two halves': (
        ([(CAT, 0, 80)], [(CAT, 0, 40), (CAT, 40, 80)]),
        [('FN', CAT, Cause.SPLIT)] + [('FP', CAT, Cause.SPLIT)] * 2,
    ),
    # 20 + 20 of 80 pixels: joined they would not match.
    'two small pieces': (
        ([(CAT, 0, 80)], [(CAT, 0, 20), (CAT, 20, 40)]),
        [
            ('FN', CAT, Cause.LOCALIZATION),
            ('FP', CAT, Cause.LOCALIZATION),
            ('FP', CAT, Cause.DUPLICATE),
        ],
    ),
    'merged': (
        ([(CAT, 0, 40), (CAT, 40, 80)], [(CAT, 0, 80)]),
        [('FN', CAT, Cause.MERGED)] * 2 + [('FP', CAT, Cause.MERGED)],
    ),
    'merged into a match': (
        ([(CAT, 0, 60), (CAT, 60, 80)], [(CAT, 0, 80)]),
        [('TP', CAT, Cause.BOUNDARY), ('FN', CAT, Cause.MERGED)],
    ),
    # The prediction stands for the dog, as a wrong class, so it merges no cats.
    'inside a prediction of a wrong class': (
        ([(DOG, 0, 70), (CAT, 70, 80)], [(CAT, 0, 80)]),
        [
            ('FN', DOG, Cause.WRONG_THING),
            ('FP', CAT, Cause.WRONG_THING),
            ('FN', CAT, Cause.MISSED_COVERED),
        ],
    ),
    'duplicate of a match': (
        ([(CAT, 0, 80)], [(CAT, 0, 60), (CAT, 60, 80)]),
        [('TP', CAT, Cause.BOUNDARY), ('FP', CAT, Cause.DUPLICATE)],
    ),
    # 40 of 100 pixels; of 60 without the crowd.
    'object with the crowd beside it': (
        ([(CAT, 0, 40), (CAT, 40, 80, 'crowd'), (SKY, 80, 100)], [(CAT, 0, 100)]),
        [
            ('FN', CAT, Cause.VOID_CROWD),
            ('FP', CAT, Cause.VOID_CROWD),
            ('FN', SKY, Cause.MISSED_COVERED),
        ],
    ),
    'on the crowd of another class': (
        ([(DOG, 0, 60, 'crowd'), (SKY, 60, 100)], [(CAT, 0, 60), (SKY, 60, 100)]),
        [('FP', CAT, Cause.VOID_CROWD), ('TP', SKY, Cause.BOUNDARY)],
    ),
    'excused': (
        ([(CAT, 0, 20), (CAT, 20, 80, 'crowd')], [(CAT, 30, 100)]),
        [('FN', CAT, Cause.MISSED_VOID)],
    ),
    # 30 on the object and 40 on void; the prediction is excused, the miss is not.
    'wrong class, excused by void': (
        ([(CAT, 0, 30)], [(DOG, 0, 70)]),
        [('FN', CAT, Cause.WRONG_THING)],
    ),
    # Joined, the pieces would match; but 25 of 40 pixels match without the crowd.
    'void and crowd before split': (
        (
            [(CAT, 0, 40), (CAT, 40, 100, 'crowd')],
            [(CAT, 0, 15), (CAT, 15, 60)],
        ),
        [
            ('FN', CAT, Cause.VOID_CROWD),
            ('FP', CAT, Cause.VOID_CROWD),
            ('FP', CAT, Cause.DUPLICATE),
        ],
    ),
}


@pytest.mark.parametrize('name', BY_CAUSE)
def test_each_cause(name):
    line, by_hand = BY_CAUSE[name]
    assert sorted(named(terms_of_line(line)).elements()) == sorted(by_hand)


def test_every_cause_has_a_case():
    assert {cause for _, terms in BY_CAUSE.values() for *_, cause in terms} == set(
        Cause
    )


@pytest.mark.parametrize('name', CASES)
def test_same_counts_as_the_metric(name):
    line, by_hand = CASES[name]
    kinds = [key[:2] for key in named(terms_of_line(line)).elements()]
    for category in CATEGORY_OF:
        counts = tuple(kinds.count((kind, category)) for kind in ('TP', 'FP', 'FN'))
        assert counts == by_hand.get(category, (0, 0, 0))


def test_partners():
    line = (
        [(CAT, 0, 40), (CAT, 40, 80), (DOG, 80, 100)],
        [(CAT, 0, 80), (SKY, 80, 100)],
    )
    terms = terms_of_line(line)
    rows = [tuple(int(x[key]) for key in ('gt_id', 'pred_id', 'other')) for x in terms]
    # Misses in the order of the file, then false positives. `other` is a position.
    assert rows == [(1, 1, 0), (2, 1, 0), (3, 2, 2), (1, 1, 0), (3, 2, 1)]
    assert terms['area'].tolist() == [40, 40, 20, 80, 20]
    assert terms['loss'].tolist() == [0.5] * 5


@pytest.mark.parametrize('seed', range(4))
def test_like_slow_reference(seed):
    rng = np.random.default_rng(seed)
    for _ in range(100):
        gt, pred = random_pair(rng)
        terms = terms_of_maps(gt, pred)
        slow, sums = slow_terms(gt, pred, THINGS)
        assert named(terms) == slow
        for position, category in enumerate(CATEGORY_OF):
            ious = terms['iou'][terms['category'] == position]
            assert sum(ious) == pytest.approx(float(sums.get(category, 0)))
        # The segment of a match or a miss is one of the ground truth.
        assert set(terms['gt_id'][terms['kind'] != FP]) <= {x['id'] for x in gt[1]}


def test_random_pairs_have_every_cause():
    rng = np.random.default_rng(0)
    found = set()
    for _ in range(400):
        terms = terms_of_maps(*random_pair(rng))
        found |= {Cause(cause) for cause in terms['cause']}
    assert found == set(Cause)
