"""Which images and errors the gallery shows."""

from epsnet_mm.analysis.pq_errors.error_analysis import ErrorAnalysis
from epsnet_mm.analysis.report.examples import (
    choose_examples,
    group_errors,
    image_qualities,
    term_costs,
)
from epsnet_mm.evaluation.pq_terms.causes import Cause
from epsnet_mm.evaluation.pq_terms.terms import FN, FP, TERM, TP

import numpy as np
import pytest


def make_analysis(num_images: int, *terms: tuple) -> ErrorAnalysis:
    """From (image, category, kind, cause, IoU, gt id, pred id) of each term."""
    table = np.zeros(len(terms), TERM)
    for row, (image, category, kind, cause, iou, gt, pred) in zip(
        table, terms, strict=True
    ):
        row['image'], row['category'], row['kind'] = image, category, kind
        row['cause'], row['iou'], row['gt_id'], row['pred_id'] = cause, iou, gt, pred
        row['loss'] = 1 - iou if kind == TP else 0.5
    return ErrorAnalysis(
        categories=[dict(id=i, name=f'c{i}', isthing=1) for i in range(2)],
        image_ids=list(range(num_images)),
        groups=list(range(num_images)),
        terms=table,
        pixels=np.zeros((3, 3)),
    )


def test_costs_add_up_to_the_missing_pq(analysis):
    pq = 100 * analysis.averages()['All']['pq']
    assert term_costs(analysis).sum() == pytest.approx(100 - pq)


def test_image_qualities():
    """Class 0 of image 0: 0.8 / 1.5; class 1: 1. Image 1 has no segment."""
    found = image_qualities(
        make_analysis(
            2,
            (0, 0, TP, Cause.BOUNDARY, 0.8, 1, 1),
            (0, 0, FN, Cause.MISSED_VOID, 0, 2, 0),
            (0, 1, TP, Cause.BOUNDARY, 1.0, 3, 2),
        )
    )
    assert found[0] == pytest.approx(50 * (0.8 / 1.5 + 1))
    assert np.isnan(found[1])


def test_both_sides_of_a_confusion_and_all_pieces_are_one_error():
    analysis = make_analysis(
        1,
        (0, 0, FN, Cause.WRONG_THING, 0, 1, 1),
        (0, 1, FP, Cause.WRONG_THING, 0, 1, 1),
        (0, 0, FN, Cause.SPLIT, 0, 2, 2),
        (0, 0, FP, Cause.SPLIT, 0, 2, 2),
        (0, 0, FP, Cause.SPLIT, 0, 2, 3),
        (0, 0, FN, Cause.MERGED, 0, 4, 5),
        (0, 0, FN, Cause.MERGED, 0, 6, 5),
        (0, 0, FP, Cause.SPURIOUS, 0, 0, 7),
    )
    errors = group_errors(analysis.terms, term_costs(analysis))
    assert set(errors) == {(0, 1), (2, 3, 4), (5, 6), (7,)}
    # Class 1 has one term, which takes a whole half of PQ.
    assert errors[0] == (0, 1)


def test_worst_and_best_images():
    ious = [0.9, 0.6, 0.8, 0.7]
    terms = [(i, 0, TP, Cause.BOUNDARY, x, 1, 1) for i, x in enumerate(ious)]
    found = choose_examples(make_analysis(5, *terms), num_images=2)
    images = [(x.kind, x.image) for x in found if x.kind != 'error']
    assert images == [('worst', 1), ('worst', 3), ('best', 0)]
    errors = [x.image for x in found if x.kind == 'error']
    # The most expensive first, at most three of one class.
    assert errors == [1, 3, 2]


def test_number_of_images_is_limited(analysis):
    everything = choose_examples(analysis)
    few = choose_examples(analysis, max_images=2)
    assert len({x.image for x in everything}) > 2
    assert len({x.image for x in few}) == 2
    assert few == [x for x in everything if x in few]


def test_results_without_errors():
    analysis = make_analysis(1, (0, 0, TP, Cause.BOUNDARY, 1.0, 1, 1))
    assert [x.kind for x in choose_examples(analysis)] == ['worst']
