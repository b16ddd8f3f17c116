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

from .causes import Cause
from .image_counts import ImageCounts, cell_numbers

CONFIDENCE = 0.95
#: Draws at a time, so that memory stays small.
CHUNK = 100


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


def resample(table: np.ndarray, draws: Draws) -> np.ndarray:
    """Sum of each column of a table over the images of each draw.

    Args:
        table: (N, ...) a number per image and column.
        draws: As `draw` gives.

    Returns:
        (B, ...) float64.
    """
    columns = table.reshape(len(table), -1)
    by_unit = np.zeros((draws.weights.shape[1], columns.shape[1]))
    np.add.at(by_unit, draws.units, columns)
    sums = [
        draws.weights[start : start + CHUNK].astype(np.float64) @ by_unit
        for start in range(0, len(draws.weights), CHUNK)
    ]
    return np.concatenate(sums).reshape(-1, *table.shape[1:])


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
    shape = counts.tp.shape
    cells = cell_numbers(terms, shape[1])
    losses = np.empty((*segments.shape, len(Cause)))
    for cause in Cause:
        own = terms['cause'] == cause
        table = np.bincount(cells[own], terms['loss'][own], shape[0] * shape[1])
        losses[..., cause] = resample(table.reshape(shape), draws) / segments
    return losses


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
