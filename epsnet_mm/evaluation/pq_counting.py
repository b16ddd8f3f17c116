"""Counts matches between two panoptic maps (Kirillov et al. 2019, eq. 1).

Legend: G ground truth segments, P predicted segments, R runs of pixels.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from epsnet_runtime.coco.segment_runs import find_runs

import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET

from ..structures.segment_ids import index_segments

if TYPE_CHECKING:
    from panopticapi.evaluation import PQStat


def count_intersections(
    gt_ids: np.ndarray,
    segment_ids: Sequence[int],
    pan: np.ndarray,
    void_labels: Sequence[int],
    path: str,
) -> tuple[np.ndarray, list[int]]:
    """Count the common pixels of all pairs of segments, in one pass.

    Args:
        gt_ids: (H, W) ground truth segment ids, 0 is void.
        segment_ids: The G ids that the annotation lists.
        pan: (H, W) integer prediction, label + instance id * INSTANCE_OFFSET.
        void_labels: Predicted labels that mean void.
        path: Name of the ground truth's PNG, for the messages.

    Returns:
        (G + 1, P + 1) int64 numbers of pixels, where row and column 0 are void, and
        the labels of the P predicted segments.

    Raises:
        ValueError: As `index_segments`.
    """
    starts, lengths = find_runs(gt_ids, pan)
    gt_index = index_segments(gt_ids.ravel()[starts], segment_ids, path)
    values, pred_index = np.unique(pan.ravel()[starts], return_inverse=True)
    labels = values % INSTANCE_OFFSET
    solid = np.ones(len(labels), dtype=bool)
    for void_label in void_labels:
        solid &= labels != void_label
    # All void values become column 0, the others columns 1 to P.
    columns = np.where(solid, np.cumsum(solid), 0)

    shape = (len(segment_ids) + 1, int(solid.sum()) + 1)
    intersections = _count_pairs(gt_index, columns[pred_index], lengths, shape)
    return intersections, labels[solid].tolist()


def count_listed_intersections(
    gt_ids: np.ndarray,
    gt_segment_ids: Sequence[int],
    pred_ids: np.ndarray,
    pred_segment_ids: Sequence[int],
    paths: tuple[str, str],
) -> np.ndarray:
    """Count the common pixels as `count_intersections`, where files list both sides.

    Args:
        gt_ids: (H, W) ground truth segment ids, 0 is void.
        gt_segment_ids: The G ids that the annotation lists.
        pred_ids: (H, W) predicted segment ids, 0 is void.
        pred_segment_ids: The P ids that the results list.
        paths: Names of the two PNGs, for the messages.

    Returns:
        (G + 1, P + 1) int64 numbers of pixels, where row and column 0 are void.

    Raises:
        ValueError: As `index_segments`.
    """
    starts, lengths = find_runs(gt_ids, pred_ids)
    gt_index = index_segments(gt_ids.ravel()[starts], gt_segment_ids, paths[0])
    pred_index = index_segments(pred_ids.ravel()[starts], pred_segment_ids, paths[1])
    shape = (len(gt_segment_ids) + 1, len(pred_segment_ids) + 1)
    return _count_pairs(gt_index, pred_index, lengths, shape)


def _count_pairs(
    rows: np.ndarray, columns: np.ndarray, lengths: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    counts = np.bincount(
        rows * shape[1] + columns, weights=lengths, minlength=shape[0] * shape[1]
    )
    # Sums of integers below 2 ** 53 are exact in float64.
    return counts.astype(np.int64).reshape(shape)


class Matching(NamedTuple):
    """What becomes of the segments of one image.

    Attributes:
        matches: (M, 2) true positives: position in G and in P, sorted by the ids of
            the ground truth.
        missed: Positions in G of the misses.
        false_positives: Positions in P. A prediction that is neither here nor in
            `matches` is excused.
        ious: (G, P) IoU of all pairs, of any categories, in [0, 1].
    """

    matches: np.ndarray
    missed: np.ndarray
    false_positives: np.ndarray
    ious: np.ndarray


def match_segments(
    intersections: np.ndarray,
    gt_segments: Sequence[dict],
    pred_categories: Sequence[int],
    iou_limits: np.ndarray | None = None,
) -> Matching:
    """Match the segments of one image by the COCO panoptic rules.

    A pair matches above IoU 0.5. Void pixels don't count in the union. Crowds match
    nothing. A prediction is no mistake if more than half of it lies on void or on
    the crowd of its category; of several such crowds, the one listed last.

    Args:
        intersections: As `count_intersections` gives.
        gt_segments: `id`, `category_id` and `iscrowd` of the G segments, as in the
            annotation file.
        pred_categories: Category ids of the P segments.
        iou_limits: (G, P) in [0, 1]; a larger IoU becomes this. None for no limits.
    """
    pred_categories = np.array(pred_categories, dtype=np.int64)
    gt_categories = np.array([s['category_id'] for s in gt_segments], np.int64)
    gt_crowd = np.array([s.get('iscrowd', 0) for s in gt_segments], bool)
    gt_areas = intersections[1:].sum(axis=1)
    pred_areas = intersections[:, 1:].sum(axis=0)
    on_void = intersections[0, 1:]

    common = intersections[1:, 1:]
    unions = gt_areas[:, None] + pred_areas - common - on_void
    same = gt_categories[:, None] == pred_categories
    # A prediction on void and a segment without pixels have an empty union.
    ious = common / np.maximum(unions, 1)
    if iou_limits is not None:
        ious = np.minimum(ious, iou_limits)
    matches = np.argwhere(same & ~gt_crowd[:, None] & (ious > 0.5))
    gt_ids = np.array([s['id'] for s in gt_segments], np.int64)
    matches = matches[np.argsort(gt_ids[matches[:, 0]], kind='stable')]

    missed = ~gt_crowd
    missed[matches[:, 0]] = False
    crowd_of = {int(gt_categories[gt]): gt for gt in np.flatnonzero(gt_crowd)}
    unmatched = np.ones(len(pred_areas), dtype=bool)
    unmatched[matches[:, 1]] = False
    false_positives = []
    for pred in np.flatnonzero(unmatched):
        category = int(pred_categories[pred])
        excused = on_void[pred]
        if category in crowd_of:
            excused = excused + common[crowd_of[category], pred]
        if excused / pred_areas[pred] <= 0.5:
            false_positives.append(pred)
    return Matching(
        matches, np.flatnonzero(missed), np.array(false_positives, np.int64), ious
    )


def accumulate_pq(
    pq_stat: 'PQStat',
    intersections: np.ndarray,
    gt_segments: Sequence[dict],
    pred_categories: Sequence[int],
) -> None:
    """Add one image's true positives, false positives and misses to `pq_stat`.

    Pairs are added in the order of their ids, as panopticapi does, so that even the
    rounding of the sums is the same.

    Args:
        pq_stat: Changed in place.
        intersections: As `count_intersections` gives.
        gt_segments: As `match_segments` takes.
        pred_categories: Category ids of the P segments.
    """
    found = match_segments(intersections, gt_segments, pred_categories)
    for gt, pred in found.matches:
        stat = pq_stat[int(gt_segments[gt]['category_id'])]
        stat.tp += 1
        stat.iou += found.ious[gt, pred]
    for gt in found.missed:
        pq_stat[int(gt_segments[gt]['category_id'])].fn += 1
    for pred in found.false_positives:
        pq_stat[int(pred_categories[pred])].fp += 1


def average_pq(pq_stat: 'PQStat', categories: dict[int, dict]) -> dict[str, dict]:
    """Average PQ, SQ and RQ over all categories, over things and over stuff.

    A category without any counted segment is in no average. panopticapi divides by
    zero where that leaves no category; here the averages are then 0.

    Args:
        pq_stat: The counts of all images.
        categories: From category id to a dict with `isthing` (0 or 1).

    Returns:
        For `All`, `Things` and `Stuff`: `pq`, `sq` and `rq` in [0, 1], and `n`, the
        number of categories averaged. For `classwise`: from category id to its `pq`,
        `sq` and `rq`.
    """
    zeros = dict(pq=0.0, sq=0.0, rq=0.0)
    averages = {}
    for name, isthing in (('All', None), ('Things', True), ('Stuff', False)):
        try:
            averages[name], per_class = pq_stat.pq_average(categories, isthing=isthing)
        except ZeroDivisionError:
            averages[name] = dict(zeros, n=0)
            per_class = dict.fromkeys(categories, zeros)
        if isthing is None:
            averages['classwise'] = per_class
    return averages
