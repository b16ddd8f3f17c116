"""Resampled figures against PQ of really repeated images."""

import time

from epsnet_mm.analysis.pq_errors.bootstrap import (
    Draws,
    average_categories,
    draw,
    interval,
    resample,
    resampled_losses,
    resampled_qualities,
    two_sided_p,
)
from epsnet_mm.analysis.pq_errors.image_counts import ImageCounts, image_counts
from epsnet_mm.evaluation.pq_terms.causes import Cause
from epsnet_mm.evaluation.pq_terms.decomposition import decompose
from epsnet_mm.evaluation.pq_terms.terms import FN, FP, TP
from tests.analysis.pq_errors.line_terms import terms_of_maps
from tests.analysis.pq_errors.random_maps import random_pair
from tests.analysis.pq_errors.term_rows import rows

import numpy as np
import pytest

IMAGES, CATEGORIES = 12, 4


@pytest.fixture
def terms() -> np.ndarray:
    rng = np.random.default_rng(3)
    images = [terms_of_maps(*random_pair(rng)) for _ in range(IMAGES)]
    for number, image in enumerate(images):
        image['image'] = number
    return np.concatenate(images)


def test_counts_by_hand():
    terms = rows(
        (1, TP, Cause.BOUNDARY, 0.75),
        (1, TP, Cause.BOUNDARY, 0.6),
        (0, FN, Cause.SPLIT),
        (0, FP, Cause.SPLIT),
    )
    terms['image'] = [0, 2, 2, 2]
    counts = image_counts(terms, 3, 2)
    assert counts.iou.tolist() == [[0, 0.75], [0, 0], [0, 0.6]]
    assert counts.tp.tolist() == [[0, 1], [0, 0], [0, 1]]
    assert counts.fp.tolist() == counts.fn.tolist() == [[0, 0], [0, 0], [1, 0]]


def test_draws():
    draws = draw([1, '1', 'a', 'a', 'a'], resamples=500, seed=1)
    # 1 and '1' differ. Images of a group have one unit.
    assert draws.units.tolist() == [0, 1, 2, 2, 2]
    assert draws.weights.shape == (500, 3)
    assert (draws.weights.sum(axis=1) == 3).all()
    assert draws.weights.mean(axis=0) == pytest.approx(np.ones(3), abs=0.15)
    assert (draw([1, 2, 3], 4, 7).weights == draw([1, 2, 3], 4, 7).weights).all()
    assert (draw([1, 2, 3], 4, 7).weights != draw([1, 2, 3], 4, 8).weights).any()


def test_resample_by_hand():
    table = np.array([[1.0, 0.0], [2.0, 0.0], [4.0, 1.0]])
    draws = Draws(np.array([[2, 0], [0, 2], [1, 1]]), np.array([0, 1, 1]))
    assert resample(table, draws).tolist() == [[2, 0], [12, 2], [7, 1]]


@pytest.mark.parametrize(
    'groups', [range(IMAGES), [0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7]]
)
def test_like_images_that_are_really_repeated(terms, groups):
    draws = draw(list(groups), resamples=150, seed=2)
    counts = image_counts(terms, IMAGES, CATEGORIES)
    qualities = resampled_qualities(counts, draws)
    losses = resampled_losses(terms, counts, draws)
    for i in (0, 1, 99, 100, 149):
        times = draws.weights[i][draws.units]
        repeated = np.concatenate(
            [terms[terms['image'] == x] for x in np.repeat(range(IMAGES), times)]
        )
        slow = decompose(repeated, CATEGORIES)
        counted = slow.counted(range(CATEGORIES))
        assert np.flatnonzero(~np.isnan(qualities.pq[i])).tolist() == counted
        for c in counted:
            assert qualities.pq[i, c] == pytest.approx(float(slow.pq([c])))
            for cause, part in slow.lost([c]).items():
                assert losses[i, c, cause] == pytest.approx(float(part))
        everything = np.ones(CATEGORIES, bool)
        mean = average_categories(qualities.pq, everything)[i]
        assert mean == pytest.approx(float(slow.pq(range(CATEGORIES))))


def test_sq_and_rq_by_hand():
    counts = ImageCounts(*(np.array([[x, 0]]) for x in (1.5, 2, 3, 1)))
    qualities = resampled_qualities(counts, draw(['a'], 1))
    for found, expected in zip(qualities, (1.5 / 4, 0.75, 0.5), strict=True):
        assert found[0, 0] == expected
        assert np.isnan(found[0, 1])
    # A category that is only missed has an SQ of 0, as in the metric.
    counts = ImageCounts(*(np.array([[x]]) for x in (0.0, 0, 0, 2)))
    assert resampled_qualities(counts, draw(['a'], 1)).sq == 0


def test_average_without_categories():
    values = np.array([[0.5, np.nan, 0.1], [np.nan, np.nan, 0.3]])
    assert average_categories(values, np.array([1, 1, 0], bool)).tolist() == [0.5, 0]
    assert average_categories(values, np.ones(3, bool)).tolist() == [0.3, 0.3]


def test_interval():
    low, high = interval(np.array([*np.arange(1001.0), np.nan]))
    assert (low, high) == (pytest.approx(25), pytest.approx(975))
    assert interval(np.array([np.nan])) is None


def test_interval_covers_the_truth():
    """Of 200 samples of 60 images, about 95 % give an interval around the mean."""
    rng = np.random.default_rng(0)
    covered = 0
    for seed in range(200):
        iou = rng.choice([0.0, 0.8], size=(60, 1), p=[0.3, 0.7])
        counts = ImageCounts(iou, (iou > 0) * 1, (iou == 0) * 1, (iou == 0) * 1)
        pq = resampled_qualities(counts, draw(list(range(60)), 200, seed)).pq[:, 0]
        low, high = interval(pq)
        covered += low <= 0.8 * 0.7 <= high
    assert 0.88 < covered / 200 < 0.99


@pytest.mark.parametrize(
    ('differences', 'p'),
    [
        ([1.0] * 99, 2 / 100),
        ([-1.0] * 99, 2 / 100),
        ([1.0] * 90 + [-1.0] * 9, 20 / 100),
        ([0.0] * 99, 1),
        ([1.0, -1.0, np.nan], 1),
    ],
)
def test_two_sided_p(differences, p):
    assert two_sided_p(np.array(differences)) == pytest.approx(p)


@pytest.mark.slow
def test_as_many_images_and_categories_as_coco():
    """5,000 images, 133 categories, 1,000 draws in less than a minute."""
    rng = np.random.default_rng(0)
    shape = (5000, 133)
    terms = np.concatenate([rows(*[(0, FN, Cause.SPLIT)] * 1000)] * 100)
    terms['image'] = np.sort(rng.integers(0, shape[0], len(terms)))
    terms['category'] = rng.integers(0, shape[1], len(terms))
    terms['cause'] = rng.integers(0, len(Cause), len(terms))
    start = time.perf_counter()
    counts = image_counts(terms, *shape)
    draws = draw(list(range(shape[0])), 1000)
    assert resampled_qualities(counts, draws).pq.shape == (1000, 133)
    assert resampled_losses(terms, counts, draws).shape == (1000, 133, len(Cause))
    assert time.perf_counter() - start < 60
