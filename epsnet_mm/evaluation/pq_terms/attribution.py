"""Decides the cause of each missed segment and of each false positive of an image.

Legend: G ground truth segments, P predicted segments, of one image.

Causes are tried in a fixed order, and the first that fits decides:

1. wrong class: IoU > 0.5 with a segment of another class;
2. void and crowd: IoU > 0.5 with a segment of the class once crowds are left out of
   the union as void is; or more than half of the prediction on void and crowds;
3. split: two or more pieces of the class match the object together;
4. merged: two or more objects of the class match the prediction together;
5. localization: 0.1 < IoU <= 0.5 with a segment of the class, one to one;
6. merged and duplicate: mostly inside a segment of the class that already accounts
   for another one; for merged, for another one of the class;
7. missed and spurious: the rest.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..pq_counting import Matching
from .causes import Cause

MIN_LOCALIZATION_IOU = 0.1
NONE = -1


class Attribution(NamedTuple):
    """Causes and partners of the segments of an image.

    A partner is the segment of the other side that explains the cause. A cause is
    given to excused predictions too, as they may explain a miss; they are no term.

    Attributes:
        gt_causes: (G,) Cause of each miss, NONE for crowds.
        pred_causes: (P,) Cause of each prediction that is not excused, else NONE or
            a Cause. Matches have `Cause.BOUNDARY` on both sides.
        gt_partners: (G,) position in P, or NONE.
        pred_partners: (P,) position in G, or NONE.
    """

    gt_causes: np.ndarray
    pred_causes: np.ndarray
    gt_partners: np.ndarray
    pred_partners: np.ndarray


class _Pairs(NamedTuple):
    """What is known of all pairs; (G, P) unless said otherwise."""

    intersections: np.ndarray  # (G + 1, P + 1)
    common: np.ndarray
    gt_areas: np.ndarray  # (G, 1)
    solid_areas: np.ndarray  # (P,) without void
    same: np.ndarray  # of one category, and no crowd
    ious: np.ndarray
    crowd: np.ndarray  # (G,)


def attribute_errors(
    intersections: np.ndarray,
    gt_segments: Sequence[dict],
    pred_categories: Sequence[int],
    thing_categories: set[int],
    matching: Matching,
) -> Attribution:
    """Give each miss and each false positive exactly one cause.

    Args:
        intersections: (G + 1, P + 1) numbers of pixels; row and column 0 are void.
        gt_segments: `category_id` and `iscrowd` of the G segments.
        pred_categories: Category ids of the P segments.
        thing_categories: The category ids of things.
        matching: As `match_segments` gives for the same image.
    """
    gt_categories = np.array([s['category_id'] for s in gt_segments], np.int64)
    pred_categories = np.array(pred_categories, np.int64)
    crowd = np.array([s.get('iscrowd', 0) for s in gt_segments], bool)
    pairs = _Pairs(
        intersections=intersections,
        common=intersections[1:, 1:],
        gt_areas=intersections[1:].sum(axis=1)[:, None],
        solid_areas=intersections[1:, 1:].sum(axis=0),
        same=(gt_categories[:, None] == pred_categories) & ~crowd[:, None],
        ious=matching.ious,
        crowd=crowd,
    )
    found = Attribution(*(np.full(len(x), NONE) for x in (crowd, pred_categories) * 2))
    for gt, pred in matching.matches:
        _assign_pair(found, gt, pred, Cause.BOUNDARY)
    false = np.zeros(len(pred_categories), bool)
    false[matching.false_positives] = True

    gt_is_thing = np.isin(gt_categories, list(thing_categories))
    pred_is_thing = np.isin(pred_categories, list(thing_categories))
    _find_wrong_classes(found, pairs, gt_is_thing, pred_is_thing)
    _find_void_and_crowds(found, pairs, false)
    _find_splits(found, pairs)
    _find_merges(found, pairs)
    _find_localizations(found, pairs)
    _find_merged_and_duplicates(found, pairs, false)
    _find_missed_and_spurious(found, pairs, false)
    return found


def _assign_pair(found: Attribution, gt: int, pred: int, cause: Cause) -> None:
    found.gt_causes[gt] = found.pred_causes[pred] = cause
    found.gt_partners[gt], found.pred_partners[pred] = pred, gt


def _free(found: Attribution, pairs: _Pairs) -> np.ndarray:
    """(G, P) pairs of one category of which no side has a cause yet."""
    free_gt = found.gt_causes == NONE
    return pairs.same & free_gt[:, None] & (found.pred_causes == NONE)


def _find_wrong_classes(
    found: Attribution,
    pairs: _Pairs,
    gt_is_thing: np.ndarray,
    pred_is_thing: np.ndarray,
) -> None:
    # Segments of one side don't overlap: no segment has two such partners.
    shaped_alike = ~pairs.same & ~pairs.crowd[:, None] & (pairs.ious > 0.5)
    for gt, pred in np.argwhere(shaped_alike):
        if gt_is_thing[gt] != pred_is_thing[pred]:
            cause = Cause.WRONG_KIND
        else:
            cause = Cause.WRONG_THING if gt_is_thing[gt] else Cause.WRONG_STUFF
        _assign_pair(found, gt, pred, cause)


def _find_void_and_crowds(found: Attribution, pairs: _Pairs, false: np.ndarray) -> None:
    on_crowd = pairs.common[pairs.crowd].sum(axis=0)
    unions = pairs.gt_areas + pairs.solid_areas - on_crowd - pairs.common
    matching = _free(found, pairs) & (2 * pairs.common > unions)
    for gt, pred in np.argwhere(matching):
        _assign_pair(found, gt, pred, Cause.VOID_CROWD)
    on_void = pairs.intersections[0, 1:]
    mostly = 2 * (on_void + on_crowd) > on_void + pairs.solid_areas
    found.pred_causes[false & (found.pred_causes == NONE) & mostly] = Cause.VOID_CROWD


def _find_splits(found: Attribution, pairs: _Pairs) -> None:
    pieces = _free(found, pairs) & (2 * pairs.common > pairs.solid_areas)
    common = (pieces * pairs.common).sum(axis=1)
    areas = (pieces * pairs.solid_areas).sum(axis=1)
    joined = 2 * common > pairs.gt_areas[:, 0] + areas - common
    for gt in np.flatnonzero(joined & (pieces.sum(axis=1) > 1)):
        found.pred_causes[pieces[gt]] = Cause.SPLIT
        found.pred_partners[pieces[gt]] = gt
        _assign_pair(found, gt, _largest(pairs.common[gt], pieces[gt]), Cause.SPLIT)


def _find_merges(found: Attribution, pairs: _Pairs) -> None:
    members = _free(found, pairs) & (2 * pairs.common > pairs.gt_areas)
    common = (members * pairs.common).sum(axis=0)
    areas = (members * pairs.gt_areas).sum(axis=0)
    joined = 2 * common > pairs.solid_areas + areas - common
    for pred in np.flatnonzero(joined & (members.sum(axis=0) > 1)):
        inside = members[:, pred]
        found.gt_causes[inside] = Cause.MERGED
        found.gt_partners[inside] = pred
        largest = _largest(pairs.common[:, pred], inside)
        _assign_pair(found, largest, pred, Cause.MERGED)


def _largest(common: np.ndarray, chosen: np.ndarray) -> int:
    return int(np.where(chosen, common, -1).argmax())


def _find_localizations(found: Attribution, pairs: _Pairs) -> None:
    near = np.argwhere(_free(found, pairs) & (pairs.ious > MIN_LOCALIZATION_IOU))
    # The best pair first; among equal ones, the order of the files decides.
    best_first = np.argsort(-pairs.ious[near[:, 0], near[:, 1]], kind='stable')
    for gt, pred in near[best_first]:
        if found.gt_causes[gt] == NONE and found.pred_causes[pred] == NONE:
            _assign_pair(found, gt, pred, Cause.LOCALIZATION)


def _find_merged_and_duplicates(
    found: Attribution, pairs: _Pairs, false: np.ndarray
) -> None:
    """What lies mostly inside a segment of its class that has a partner already."""
    gt_free, pred_free = (found.gt_causes == NONE, found.pred_causes == NONE)
    gt_taken, pred_taken = (found.gt_partners != NONE, found.pred_partners != NONE)
    # A prediction that stands for an object of another class does not merge objects.
    taken = np.flatnonzero(pred_taken)
    pred_taken[taken] = pairs.same[found.pred_partners[taken], taken]

    inside_pred = pairs.same & (2 * pairs.common > pairs.gt_areas)
    for gt, pred in np.argwhere(inside_pred & gt_free[:, None] & pred_taken):
        found.gt_causes[gt], found.gt_partners[gt] = Cause.MERGED, pred
    inside_gt = pairs.same & (2 * pairs.common > pairs.solid_areas)
    for gt, pred in np.argwhere(inside_gt & gt_taken[:, None] & (pred_free & false)):
        found.pred_causes[pred], found.pred_partners[pred] = Cause.DUPLICATE, gt


def _find_missed_and_spurious(
    found: Attribution, pairs: _Pairs, false: np.ndarray
) -> None:
    left_void = 2 * pairs.intersections[1:, 0] >= pairs.gt_areas[:, 0]
    missed = (found.gt_causes == NONE) & ~pairs.crowd
    found.gt_causes[missed & left_void] = Cause.MISSED_VOID
    found.gt_causes[missed & ~left_void] = Cause.MISSED_COVERED
    found.pred_causes[false & (found.pred_causes == NONE)] = Cause.SPURIOUS
