"""The rule behind each miss, and what becomes of the detections that rules drop.

Legend: D detections, G segments of the ground truth.
"""

from collections.abc import Sequence

import numpy as np

from .image_candidates import Detections, ImageCandidates
from .rules import Rule


def rule_of_miss(
    candidates: ImageCandidates, segment: int, label: int, num_things: int
) -> tuple[Rule, float]:
    """Why a segment of the ground truth has no match.

    Args:
        candidates: Of its image.
        segment: Its position in G.
        label: Its class.
        num_things: T.

    Returns:
        The rule, and the IoU that the dropped output has with the segment; 0 for
        `Rule.NETWORK`.
    """
    if label >= num_things:
        return _rule_of_stuff(candidates, segment, label - num_things)
    kept = candidates.kept
    fits = _fits(kept, segment, label)
    if fits.any():
        free = np.where(~candidates.claimed & fits, candidates.free_ious[:, segment], 0)
        if free.max() > 0.5:
            return Rule.OVERLAP, float(free.max())
        return Rule.COVERED, float(kept.ious[fits, segment].max())
    if _fits(candidates.suppressed, segment, label).any():
        found = candidates.suppressed
        best = _best(found, segment, label)
        below = found.scores[best] <= candidates.score_thr
        rule = Rule.SCORE if below else Rule.LIMIT
    elif _fits(candidates.all, segment, label).any():
        found = candidates.all
        best = _best(found, segment, label)
        below = found.scores[best] <= candidates.score_thr
        rule = Rule.SCORE_NMS if below else Rule.NMS
    else:
        return Rule.NETWORK, 0.0
    return rule, float(found.ious[best, segment])


def _rule_of_stuff(
    candidates: ImageCandidates, segment: int, stuff: int
) -> tuple[Rule, float]:
    for rule, ious in (
        (Rule.SMALL_STUFF, candidates.stuff),
        (Rule.UNDER_THINGS, candidates.bare_stuff),
    ):
        if ious[stuff, segment] > 0.5:
            return rule, float(ious[stuff, segment])
    return Rule.NETWORK, 0.0


def _fits(found: Detections, segment: int, label: int) -> np.ndarray:
    """(D,) whether detections would match a segment."""
    return (found.labels == label) & (found.ious[:, segment] > 0.5)


def _best(found: Detections, segment: int, label: int) -> int:
    """The fitting detection of the highest score."""
    return int(_fits(found, segment, label).argmax())


def count_dropped(
    candidates: ImageCandidates, gt_labels: Sequence[int], missed: Sequence[int]
) -> dict[Rule, np.ndarray]:
    """What becomes of the detections of an image that a rule drops.

    Args:
        candidates: Of the image.
        gt_labels: (G,) class of each segment; -1 for crowds.
        missed: Positions in G of the misses.

    Returns:
        For each rule that drops detections three numbers of them: those that fit a
        miss, those that fit an object that has a match, all others.
    """
    is_missed = np.zeros(len(gt_labels), bool)
    is_missed[list(missed)] = True
    kept, suppressed = candidates.kept, candidates.suppressed

    def count(found: Detections, chosen: np.ndarray) -> np.ndarray:
        fits = (found.labels[:, None] == np.array(gt_labels)) & (found.ious > 0.5)
        right = (fits & is_missed).any(axis=1)
        second = fits.any(axis=1) & ~right
        kinds = (right, second, ~right & ~second)
        return np.array([(kind & chosen).sum() for kind in kinds])

    above = suppressed.scores > candidates.score_thr
    beyond = above & (np.arange(len(above)) >= len(kept.scores))
    # Those that NMS leaves are among those without NMS.
    before_nms = count(candidates.all, candidates.all.scores > candidates.score_thr)
    return {
        Rule.SCORE: count(suppressed, ~above),
        Rule.NMS: before_nms - count(suppressed, above),
        Rule.LIMIT: count(suppressed, beyond),
        Rule.OVERLAP: count(kept, ~candidates.claimed),
    }
