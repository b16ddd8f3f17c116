"""The causes of an image by loops over sets of pixels, as the documentation says it.

Nothing here is shared with the package but the names of the causes.
"""

from collections import Counter
from fractions import Fraction
from itertools import product

from epsnet_mm.evaluation.pq_terms.causes import Cause

import numpy as np

HALF = Fraction(1, 2)


class Segment:
    def __init__(self, pixels: set, category: int, thing: bool, crowd: bool) -> None:
        self.pixels = pixels
        self.category = category
        self.thing = thing
        self.crowd = crowd
        self.excused = False
        self.cause = None
        self.partner = None


def segments_of(ids: np.ndarray, entries: list[dict], things: set) -> list[Segment]:
    places = {}
    for place, value in enumerate(ids.ravel().tolist()):
        places.setdefault(value, set()).add(place)
    return [
        Segment(
            places.get(x['id'], set()),
            x['category_id'],
            x['category_id'] in things,
            bool(x.get('iscrowd')),
        )
        for x in entries
    ]


def iou(gt: set, pred: set, ignored: set) -> Fraction:
    union = gt | (pred - ignored)
    return Fraction(len(gt & pred), max(len(union), 1))


def mostly_inside(inner: set, outer: set) -> bool:
    return 2 * len(inner & outer) > len(inner)


def slow_terms(gt_map: tuple, pred_map: tuple, things: set) -> tuple[Counter, dict]:
    """Terms counted as (kind, category, cause), and the exact IoU sum by category."""
    truths = segments_of(*gt_map, things)
    preds = segments_of(*pred_map, things)
    void = set(np.flatnonzero(gt_map[0].ravel() == 0).tolist())
    crowd = set().union(*(x.pixels for x in truths if x.crowd))
    real = [x for x in truths if not x.crowd]
    unpredicted = set(range(gt_map[0].size)).difference(*(p.pixels for p in preds))
    sums = {}

    def join(gt: Segment, pred: Segment, cause: Cause) -> None:
        gt.cause = pred.cause = cause
        gt.partner, pred.partner = pred, gt

    def free_pairs() -> list[tuple]:
        return [
            (g, p)
            for g, p in product(real, preds)
            if g.category == p.category and g.cause is None and p.cause is None
        ]

    for g, p in free_pairs():
        quality = iou(g.pixels, p.pixels, void)
        if quality > HALF:
            join(g, p, Cause.BOUNDARY)
            sums[g.category] = sums.get(g.category, 0) + quality
    for p in preds:
        own_crowds = [x for x in truths if x.crowd and x.category == p.category]
        excuse = void | (own_crowds[-1].pixels if own_crowds else set())
        p.excused = p.cause is None and mostly_inside(p.pixels, excuse)

    for g, p in product(real, preds):
        if g.category != p.category and iou(g.pixels, p.pixels, void) > HALF:
            if g.thing != p.thing:
                join(g, p, Cause.WRONG_KIND)
            else:
                join(g, p, Cause.WRONG_THING if g.thing else Cause.WRONG_STUFF)
    for g, p in free_pairs():
        if iou(g.pixels, p.pixels, void | crowd) > HALF:
            join(g, p, Cause.VOID_CROWD)
    for p in preds:
        if p.cause is None and not p.excused and mostly_inside(p.pixels, void | crowd):
            p.cause = Cause.VOID_CROWD

    for g in real:
        pieces = [
            p
            for x, p in free_pairs()
            if x is g and mostly_inside(p.pixels - void, g.pixels)
        ]
        joined = set().union(*(p.pixels for p in pieces))
        if len(pieces) > 1 and iou(g.pixels, joined, void) > HALF:
            for p in pieces:
                join(g, p, Cause.SPLIT)
    for p in preds:
        members = [
            g for g, x in free_pairs() if x is p and mostly_inside(g.pixels, p.pixels)
        ]
        joined = set().union(*(g.pixels for g in members))
        if len(members) > 1 and iou(joined, p.pixels, void) > HALF:
            for g in members:
                join(g, p, Cause.MERGED)

    while True:
        near = [(iou(g.pixels, p.pixels, void), g, p) for g, p in free_pairs()]
        # As the package's doubles compare: 0.1 is no fraction of two.
        near = [x for x in near if float(x[0]) > 0.1]
        if not near:
            break
        join(*max(near, key=lambda x: x[0])[1:], Cause.LOCALIZATION)

    taken = {p for p in preds if p.partner and p.partner.category == p.category}
    accounted = {g for g in real if g.partner}
    for g in real:
        for p in taken:
            same = g.category == p.category
            if g.cause is None and same and mostly_inside(g.pixels, p.pixels):
                g.cause = Cause.MERGED
    for p in preds:
        for g in accounted:
            same = g.category == p.category and not p.excused
            if p.cause is None and same and mostly_inside(p.pixels - void, g.pixels):
                p.cause = Cause.DUPLICATE
    for g in real:
        if g.cause is None:
            half_void = 2 * len(g.pixels & unpredicted) >= len(g.pixels)
            g.cause = Cause.MISSED_VOID if half_void else Cause.MISSED_COVERED
    for p in preds:
        if p.cause is None and not p.excused:
            p.cause = Cause.SPURIOUS

    found = Counter()
    for g in real:
        found['TP' if g.cause == Cause.BOUNDARY else 'FN', g.category, g.cause] += 1
    for p in preds:
        if p.cause != Cause.BOUNDARY and not p.excused:
            found['FP', p.category, p.cause] += 1
    return found, sums
