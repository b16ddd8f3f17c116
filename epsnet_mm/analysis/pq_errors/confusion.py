"""Confusion between categories, in pixels and in segments."""

from collections.abc import Sequence

import numpy as np

from ...evaluation.pq_terms.causes import Cause
from ...evaluation.pq_terms.terms import FP, TP

_WRONG_CLASS = (Cause.WRONG_THING, Cause.WRONG_STUFF, Cause.WRONG_KIND)


def add_pixels(
    pixels: np.ndarray,
    intersections: np.ndarray,
    gt_segments: Sequence[dict],
    pred_segments: Sequence[dict],
    category_ids: Sequence[int],
) -> None:
    """Add one image to a confusion matrix of pixels.

    Args:
        pixels: (C + 1, C + 1), changed in place. Rows are categories of the ground
            truth, columns those of the prediction; the last is void. Crowds count as
            void.
        intersections: (G + 1, P + 1) numbers of pixels; row and column 0 are void.
        gt_segments: `category_id` and `iscrowd` of the G segments.
        pred_segments: `category_id` of the P segments.
        category_ids: The C ids, in the order of the matrix.
    """
    void = len(category_ids)
    position = {category: i for i, category in enumerate(category_ids)}
    rows = [
        void if segment.get('iscrowd') else position[segment['category_id']]
        for segment in gt_segments
    ]
    columns = [position[segment['category_id']] for segment in pred_segments]
    np.add.at(pixels, np.ix_([void, *rows], [void, *columns]), intersections)


def segment_confusion(terms: np.ndarray, num_categories: int) -> np.ndarray:
    """Which category stands for which, among segments of the right shape.

    Args:
        terms: Rows of TERM.
        num_categories: C.

    Returns:
        (C + 1, C + 1) numbers of segments. Row and column are the categories of two
        segments, of ground truth and of prediction, with an IoU above 0.5. Misses
        without such a partner are in the last column, false positives in the last
        row. An excused prediction of another category counts as a partner.
    """
    confusion = np.zeros((num_categories + 1,) * 2, np.int64)
    paired = (terms['kind'] == TP) | np.isin(terms['cause'], _WRONG_CLASS)
    partners = np.where(paired, terms['other'], num_categories)
    is_fp = terms['kind'] == FP
    # A pair of wrong classes has two terms: its miss stands for both.
    own = ~is_fp
    np.add.at(confusion, (terms['category'][own], partners[own]), 1)
    alone = is_fp & ~paired
    np.add.at(confusion, (num_categories, terms['category'][alone]), 1)
    return confusion
