"""How sure PQ is: the bootstrap over images, or over groups of them.

Efron and Tibshirani 1993, "An Introduction to the Bootstrap": images are drawn with
replacement, as many as there are, again and again, and PQ is computed for each draw.
Its 2.5 % and 97.5 % quantiles are the 95 % interval. Two runs on the same images are
compared on the same draws.

Legend: B draws, N images, U units (groups, or images without one), C categories.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from ...evaluation.pq_terms.causes import Cause
from .image_counts import ImageCounts

CONFIDENCE = 0.95


class Draws(NamedTuple):
    """How often each image is in each draw.

    Attributes:
        weights: (B, U) whole numbers; a row adds up to U.
        units: (N,) unit of each image.
    """

    weights: np.ndarray
    units: np.ndarray


def draw(groups: Sequence, resamples: int, seed: int = 0) -> Draws:
    """Draw images with replacement; images of a group come and go together.

    Args:
        groups: Name of each image's group; equal names are one group.
        resamples: B.
        seed: Equal seeds give equal draws.
    """
    numbers = {}
    units = np.array(
        [numbers.setdefault(repr(group), len(numbers)) for group in groups]
    )
    rng = np.random.default_rng(seed)
    count = len(numbers)
    weights = rng.multinomial(count, np.full(count, 1 / count), size=resamples)
    return Draws(weights, units)


def resample(table: np.ndarray | csr_array, draws: Draws) -> np.ndarray:
    """Sum of each column of a table over the images of each draw.

    Args:
        table: (N, M) a number per image and column. Most are 0 in practice: an image
            has few of the categories.
        draws: As `draw` gives.

    Returns:
        (B, M) float64.
    """
    images = np.arange(len(draws.units))
    shape = (draws.weights.shape[1], len(images))
    members = csr_array((np.ones(len(images)), (draws.units, images)), shape)
    by_unit = members @ csr_array(table, dtype=np.float64)
    return (by_unit.T.tocsr() @ draws.weights.T.astype(np.float64)).T


class Qualities(NamedTuple):
    """Qualities of each draw and category; (B, C), NaN without any segment."""

    pq: np.ndarray
    sq: np.ndarray
    rq: np.ndarray


def resampled_qualities(counts: ImageCounts, draws: Draws) -> Qualities:
    """PQ, SQ and RQ of each draw and category, in [0, 1].

    Args:
        counts: Of the N images.
        draws: As `draw` gives.
    """
    iou, tp, fp, fn = (resample(table, draws) for table in counts)
    segments = tp + fp / 2 + fn / 2
    segments[segments == 0] = np.nan
    sq = np.where(np.isnan(segments), np.nan, iou / np.maximum(tp, 1))
    return Qualities(iou / segments, sq, tp / segments)


def average_categories(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Mean over some categories, without those that a draw has no segment of.

    Args:
        values: (B, C), NaN where there is no segment.
        chosen: (C,) booleans.

    Returns:
        (B,), 0 where no category is left, as in the metric.
    """
    values = values[:, chosen]
    there = ~np.isnan(values)
    return np.nansum(values, axis=1) / np.maximum(there.sum(axis=1), 1)


def resampled_losses(
    terms: np.ndarray, counts: ImageCounts, draws: Draws
) -> np.ndarray:
    """What each cause takes from the PQ of each draw and category.

    Args:
        terms: Rows of TERM.
        counts: Of the N images.
        draws: As `draw` gives.

    Returns:
        (B, C, K) in [0, 1], NaN without any segment.
    """
    _, tp, fp, fn = (resample(table, draws) for table in counts)
    segments = tp + fp / 2 + fn / 2
    segments[segments == 0] = np.nan
    num_images, num_categories = counts.tp.shape
    columns = terms['category'].astype(np.int64) * len(Cause) + terms['cause']
    # What has the same row and column is added up.
    table = csr_array(
        (terms['loss'], (terms['image'], columns)),
        shape=(num_images, num_categories * len(Cause)),
    )
    losses = resample(table, draws).reshape(-1, num_categories, len(Cause))
    return losses / segments[..., None]


def interval(values: np.ndarray) -> tuple[float, float] | None:
    """The percentile interval of resampled values, at CONFIDENCE.

    Args:
        values: (B,), NaN for draws without a value.

    Returns:
        Lower and upper end; None if there is no value.
    """
    values = values[~np.isnan(values)]
    if values.size == 0:
        return None
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, (tail, 1 - tail))
    return float(low), float(high)


def two_sided_p(differences: np.ndarray) -> float:
    """Of a paired test that a difference is 0, from resampled differences.

    Twice the share of draws on the other side of 0. One draw is added to either side,
    so that a finite number of draws never gives 0.

    Args:
        differences: (B,) of two runs on the same draws, NaN for draws without a value.
    """
    differences = differences[~np.isnan(differences)]
    fewer = min((differences <= 0).sum(), (differences >= 0).sum())
    return float(min(1, 2 * (fewer + 1) / (differences.size + 1)))
