"""Counts of each image and category, from which PQ can be computed again."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...evaluation.pq_counting import Matching
from ...evaluation.pq_terms.terms import FN, FP, TP


class ImageCounts(NamedTuple):
    """Counts of N images and C categories; (N, C) each.

    Attributes:
        iou: Summed IoU of the true positives.
        tp: True positives.
        fp: False positives.
        fn: Misses.
    """

    iou: np.ndarray
    tp: np.ndarray
    fp: np.ndarray
    fn: np.ndarray


def image_counts(
    terms: np.ndarray, num_images: int, num_categories: int
) -> ImageCounts:
    """Count the terms of each image and category.

    Args:
        terms: Rows of TERM.
        num_images: N.
        num_categories: C.
    """
    cells = terms['image'].astype(np.int64) * num_categories + terms['category']
    shape = (num_images, num_categories)

    def count(kind: int, weights: np.ndarray | None = None) -> np.ndarray:
        chosen = terms['kind'] == kind
        weights = None if weights is None else weights[chosen]
        total = np.bincount(cells[chosen], weights, minlength=shape[0] * shape[1])
        return total.reshape(shape)

    return ImageCounts(count(TP, terms['iou']), count(TP), count(FP), count(FN))


def count_matches(
    matching: Matching,
    gt_categories: Sequence[int],
    pred_categories: Sequence[int],
    num_categories: int,
) -> ImageCounts:
    """Count what becomes of the segments of one image.

    Args:
        matching: As `match_segments` gives.
        gt_categories: Position of the category of each segment of the ground truth.
        pred_categories: Of each predicted segment.
        num_categories: C.

    Returns:
        (C,) each.
    """
    hits, preds = matching.matches.T

    def count(
        categories: Sequence[int], chosen: np.ndarray, weights: np.ndarray | None = None
    ) -> np.ndarray:
        chosen = np.array(categories, np.int64)[chosen]
        return np.bincount(chosen, weights, num_categories)

    return ImageCounts(
        iou=count(gt_categories, hits, matching.ious[hits, preds]),
        tp=count(gt_categories, hits),
        fp=count(pred_categories, matching.false_positives),
        fn=count(gt_categories, matching.missed),
    )
