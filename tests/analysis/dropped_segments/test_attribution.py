"""The rule behind a miss, and what is dropped, by hand."""

from epsnet_mm.analysis.dropped_segments.attribution import (
    count_dropped,
    rule_of_miss,
)
from epsnet_mm.analysis.dropped_segments.rules import Rule
from tests.analysis.dropped_segments.candidates import candidates, detections

import numpy as np
import pytest

FIT = (0, 0.9, [0.8, 0.0])


@pytest.mark.parametrize(
    ('changes', 'expected'),
    [
        (dict(), (Rule.NETWORK, 0)),
        # Another class, or too little overlap.
        (dict(all=detections((1, 0.9, [0.8, 0]), (0, 0.9, [0.5, 0]))), (0, 0)),
        (dict(suppressed=detections((0, 0.3, [0.8, 0]))), (Rule.SCORE, 0.8)),
        (dict(suppressed=detections(FIT)), (Rule.LIMIT, 0.8)),
        # The one with the highest score decides.
        (
            dict(suppressed=detections(FIT, (0, 0.2, [0.9, 0]))),
            (Rule.LIMIT, 0.8),
        ),
        (dict(all=detections(FIT)), (Rule.NMS, 0.8)),
        (dict(all=detections((0, 0.1, [0.8, 0]))), (Rule.SCORE_NMS, 0.8)),
        (
            dict(
                kept=detections(FIT),
                claimed=np.array([False]),
                free_ious=np.array([[0.6, 0]]),
            ),
            (Rule.OVERLAP, 0.6),
        ),
        (
            dict(
                kept=detections(FIT),
                claimed=np.array([False]),
                free_ious=np.array([[0.5, 0]]),
            ),
            (Rule.COVERED, 0.8),
        ),
        # It has what is left.
        (
            dict(
                kept=detections(FIT),
                claimed=np.array([True]),
                free_ious=np.array([[0.4, 0]]),
            ),
            (Rule.COVERED, 0.8),
        ),
    ],
)
def test_things(changes, expected):
    assert rule_of_miss(candidates(**changes), 0, 0, num_things=2) == expected


def test_stuff():
    fits, no = np.array([[0, 0.7]]), np.zeros((1, 2))
    for stuff, bare, expected in (
        (fits, fits, (Rule.SMALL_STUFF, 0.7)),
        (no, fits, (Rule.UNDER_THINGS, 0.7)),
        (no, no, (Rule.NETWORK, 0)),
    ):
        found = candidates(stuff=stuff, bare_stuff=bare)
        assert rule_of_miss(found, 1, 2, num_things=2) == expected


def test_dropped_detections():
    """Segment 0 has a match, segment 1 is missed; both are of class 0."""
    kept = [(0, 0.9, [0.9, 0.0]), (0, 0.8, [0.0, 0.8])]
    beyond = (1, 0.7, [0.9, 0.0])
    below = [(0, 0.3, [0.6, 0.0]), (0, 0.2, [0.0, 0.0])]
    by_nms = [(0, 0.6, [0.7, 0.0]), (0, 0.1, [0.7, 0.0])]
    found = candidates(
        kept=detections(*kept),
        claimed=np.array([True, False]),
        free_ious=np.zeros((2, 2)),
        suppressed=detections(*kept, beyond, *below),
        all=detections(*kept, beyond, by_nms[0], *below, by_nms[1]),
    )
    counts = count_dropped(found, [0, 0], [1])
    # Fit a miss, fit a matched object, others.
    assert {rule: row.tolist() for rule, row in counts.items()} == {
        Rule.SCORE: [0, 1, 1],
        Rule.NMS: [0, 1, 0],
        Rule.LIMIT: [0, 0, 1],
        Rule.OVERLAP: [1, 0, 0],
    }


def test_crowds_are_no_objects():
    found = candidates(suppressed=detections((0, 0.2, [0.9, 0.0])))
    assert count_dropped(found, [-1, 0], [1])[Rule.SCORE].tolist() == [0, 0, 1]
