"""Chooses what the gallery shows: images, and the errors that cost the most.

Legend: N images, C categories.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ...evaluation.pq_terms.causes import Cause
from ..pq_errors.bootstrap import average_categories
from ..pq_errors.error_analysis import ErrorAnalysis

#: An image is shown for one cause at most once, a class at most so many times.
_PER_CLASS = 3


class Example(NamedTuple):
    """One entry of the gallery.

    Attributes:
        kind: 'worst', 'best' or 'error'.
        image: Position of the image in the analysis.
        terms: Positions of its terms: those of the image, or of one error.
        cost: Points of PQ that these terms take.
        quality: PQ of the image, in percent; NaN for one without segments.
    """

    kind: str
    image: int
    terms: tuple[int, ...]
    cost: float
    quality: float


def term_costs(analysis: ErrorAnalysis) -> np.ndarray:
    """Points that each term takes from the PQ of all categories; they add up to it."""
    _, tp, fp, fn = (table.sum(axis=0) for table in analysis.counts())
    segments = tp + fp / 2 + fn / 2
    counted = max(np.count_nonzero(segments), 1)
    terms = analysis.terms
    return 100 * terms['loss'] / segments[terms['category']] / counted


def image_qualities(analysis: ErrorAnalysis) -> np.ndarray:
    """(N,) PQ of each image alone, in percent; NaN without any segment."""
    iou, tp, fp, fn = analysis.counts()
    segments = np.where((tp + fp + fn) > 0, tp + fp / 2 + fn / 2, np.nan)
    pq = 100 * average_categories(iou / segments, np.ones(iou.shape[1], bool))
    return np.where(np.isnan(segments).all(axis=1), np.nan, pq)


def choose_examples(
    analysis: ErrorAnalysis,
    num_images: int = 8,
    num_errors: int = 6,
    max_images: int = 60,
) -> list[Example]:
    """Choose the worst and the best images, and the worst errors of each cause.

    Args:
        analysis: Of some results.
        num_images: Number of worst images; half as many best ones.
        num_errors: Number of errors of each cause.
        max_images: Number of different images at most.
    """
    costs = term_costs(analysis)
    qualities = image_qualities(analysis)
    totals = np.bincount(analysis.terms['image'], costs, len(qualities))
    # NaN comes last: an image without segments is no example.
    order = [i for i in np.argsort(qualities, kind='stable') if qualities[i] >= 0]
    worst = order[:num_images]
    best = [i for i in reversed(order) if i not in worst][: -(-num_images // 2)]
    examples = [
        Example(
            kind,
            int(image),
            tuple(np.flatnonzero(analysis.terms['image'] == image).tolist()),
            float(totals[image]),
            float(qualities[image]),
        )
        for kind, images in (('worst', worst), ('best', best))
        for image in images
    ]
    errors = group_errors(analysis.terms, costs)
    for cause in Cause:
        own = [x for x in errors if analysis.terms['cause'][x[0]] == cause]
        examples += [
            Example('error', image, error, cost, float(qualities[image]))
            for image, error, cost in _varied(own, analysis.terms, costs, num_errors)
        ]
    return _limit_images(examples, max_images)


def group_errors(terms: np.ndarray, costs: np.ndarray) -> list[tuple[int, ...]]:
    """Positions of the terms of each error, the most expensive error first.

    The two sides of a confusion are one error, and so are all pieces of an object.

    Args:
        terms: Rows of TERM.
        costs: Of each term, in points of PQ.
    """
    groups: dict[tuple, list[int]] = {}
    columns = (terms[key].tolist() for key in ('image', 'cause', 'gt_id', 'pred_id'))
    for number, (image, cause, gt, pred) in enumerate(zip(*columns, strict=True)):
        if cause == Cause.SPLIT:
            pred = None
        elif cause == Cause.MERGED:
            gt = None
        groups.setdefault((image, cause, gt, pred), []).append(number)
    errors = [tuple(group) for group in groups.values()]
    # Of equal costs, the larger segment is the one to look at.
    return sorted(
        errors,
        key=lambda x: (-costs[list(x)].sum().round(9), -terms['area'][list(x)].max()),
    )


def _varied(
    errors: Iterable[tuple[int, ...]], terms: np.ndarray, costs: np.ndarray, count: int
) -> list[tuple[int, tuple[int, ...], float]]:
    """The first errors, of different images and not all of one class."""
    chosen, seen, per_class = [], set(), {}
    for error in errors:
        image, category = (int(terms[key][error[0]]) for key in ('image', 'category'))
        if len(chosen) == count:
            break
        cost = float(costs[list(error)].sum())
        if cost == 0 or image in seen or per_class.get(category, 0) == _PER_CLASS:
            continue
        seen.add(image)
        per_class[category] = per_class.get(category, 0) + 1
        chosen.append((image, error, cost))
    return chosen


def _limit_images(examples: list[Example], max_images: int) -> list[Example]:
    """Drop examples of further images; the first of each cause come before others."""
    rank, counts = [], {}
    for example in examples:
        key = example.kind if example.kind != 'error' else example.terms[:1]
        counts[key] = counts.get(key, 0) + 1
        rank.append(counts[key])
    allowed: set[int] = set()
    kept = set()
    for number in sorted(range(len(examples)), key=rank.__getitem__):
        image = examples[number].image
        if image in allowed or len(allowed) < max_images:
            allowed.add(image)
            kept.add(number)
    return [example for number, example in enumerate(examples) if number in kept]
