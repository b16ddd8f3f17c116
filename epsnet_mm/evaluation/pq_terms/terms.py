"""The terms of 1 - PQ, one row per true positive, miss and false positive."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..pq_counting import match_segments
from .attribution import NONE, attribute_errors
from .causes import Cause

TP, FP, FN = 0, 1, 2

#: One term. `image` and `category` are positions in the lists of an evaluation;
#: `kind` is TP, FP or FN. `iou` is that of a TP, else 0. `loss` is 1 - IoU for a TP,
#: else 0.5. `area` in pixels is the object's, for an FP the prediction's. `gt_id` and
#: `pred_id` are the segment and its partner, as their ids in the files; 0 for none.
#: `other` is the category of the partner, NONE for none.
TERM = np.dtype(
    [
        ('image', np.int32),
        ('category', np.int32),
        ('kind', np.int8),
        ('cause', np.int8),
        ('iou', np.float64),
        ('loss', np.float64),
        ('area', np.int64),
        ('gt_id', np.int32),
        ('pred_id', np.int32),
        ('other', np.int32),
    ]
)


def image_terms(
    image: int,
    intersections: np.ndarray,
    gt_segments: Sequence[dict],
    pred_segments: Sequence[dict],
    categories: Mapping[int, dict],
) -> np.ndarray:
    """Find the terms of one image, each with its cause.

    Args:
        image: Position of the image in the evaluation.
        intersections: (G + 1, P + 1) numbers of pixels, as
            `count_listed_intersections` gives.
        gt_segments: `id`, `category_id` and `iscrowd` of the G segments.
        pred_segments: `id` and `category_id` of the P segments.
        categories: From category id to a dict with `isthing`, in the evaluation's
            order.

    Returns:
        Rows of TERM: matches in the order in which the metric adds them, then misses,
        then false positives.
    """
    positions = {category: i for i, category in enumerate(categories)}
    things = {i for i, category in categories.items() if category['isthing']}
    pred_categories = [segment['category_id'] for segment in pred_segments]
    matching = match_segments(intersections, gt_segments, pred_categories)
    found = attribute_errors(
        intersections, gt_segments, pred_categories, things, matching
    )

    hits, misses = matching.matches[:, 0], matching.missed
    false = matching.false_positives
    gts = np.concatenate([hits, misses, found.pred_partners[false]])
    preds = np.concatenate([matching.matches[:, 1], found.gt_partners[misses], false])
    of_gt = len(hits) + len(misses)

    terms = np.zeros(len(gts), TERM)
    terms['image'] = image
    terms['kind'] = np.repeat([TP, FN, FP], [len(hits), len(misses), len(false)])
    terms['cause'][: len(hits)] = Cause.BOUNDARY
    terms['cause'][len(hits) : of_gt] = found.gt_causes[misses]
    terms['cause'][of_gt:] = found.pred_causes[false]
    terms['iou'][: len(hits)] = matching.ious[hits, preds[: len(hits)]]
    # Exact: the IoU of a match is in (0.5, 1].
    terms['loss'] = np.where(terms['kind'] == TP, 1 - terms['iou'], 0.5)
    terms['area'][:of_gt] = intersections[1:].sum(axis=1)[gts[:of_gt]]
    terms['area'][of_gt:] = intersections[:, 1:].sum(axis=0)[false]
    terms['gt_id'] = _take([s['id'] for s in gt_segments], gts, 0)
    terms['pred_id'] = _take([s['id'] for s in pred_segments], preds, 0)
    gt_categories = _take([positions[s['category_id']] for s in gt_segments], gts, NONE)
    pred_labels = _take([positions[x] for x in pred_categories], preds, NONE)
    is_fp = terms['kind'] == FP
    terms['category'] = np.where(is_fp, pred_labels, gt_categories)
    terms['other'] = np.where(is_fp, gt_categories, pred_labels)
    return terms


def _take(values: Sequence[int], positions: np.ndarray, default: int) -> np.ndarray:
    """Values at positions, and `default` where the position is NONE."""
    return np.array([*values, default])[positions]
