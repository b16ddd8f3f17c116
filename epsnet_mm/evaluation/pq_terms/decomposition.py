"""Splits 1 - PQ into causes, in exact arithmetic.

An IoU above 0.5 in double precision is a whole multiple of 2 ** -53, and so is each
term of 1 - PQ. Their sums are therefore kept as whole numbers of that unit, and
quotients as fractions. Nothing is rounded before the last step of a caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .causes import Cause
from .terms import FN, FP, TP

#: 1 in units of a double's last bit.
ONE = 2**53


@dataclass(frozen=True)
class Decomposition:
    """What each category loses to each cause.

    Legend: C categories, K causes.

    Attributes:
        tp: (C,) true positives.
        fp: (C, K) false positives by cause.
        fn: (C, K) misses by cause.
        losses: (C, K) summed terms by cause, whole numbers in units of 2 ** -53.
    """

    tp: np.ndarray
    fp: np.ndarray
    fn: np.ndarray
    losses: np.ndarray

    def counted(self, categories: Sequence[int]) -> list[int]:
        """Those of some categories that have any segment: an average is over them."""
        return [c for c in categories if self._segments(c)]

    def _segments(self, category: int) -> int:
        """TP + FP / 2 + FN / 2, doubled."""
        halves = self.fp[category].sum() + self.fn[category].sum()
        return 2 * int(self.tp[category]) + int(halves)

    def lost(
        self, categories: Sequence[int], whole: 'Decomposition | None' = None
    ) -> dict[Cause, Fraction]:
        """What each cause takes from the average PQ of some categories, in [0, 1].

        The parts add up to 1 - PQ exactly. They are 0 if no category has a segment.

        Args:
            categories: Positions of the categories to average.
            whole: That of all terms, where this one is of a choice of them. The parts
                are then shares of the whole's 1 - PQ.
        """
        whole = whole or self
        counted = whole.counted(categories)
        parts = {}
        for cause in Cause:
            total = sum(
                Fraction(2 * self.losses[c, cause], ONE * whole._segments(c))
                for c in counted
            )
            parts[cause] = Fraction(total, max(len(counted), 1))
        return parts

    def pq(self, categories: Sequence[int]) -> Fraction:
        """The average PQ of some categories, in [0, 1]; 0 if none has a segment."""
        return _mean([_pq(*self._totals(c)) for c in self.counted(categories)])

    def pq_without(self, cause: Cause, categories: Sequence[int]) -> Fraction:
        """The average PQ of some categories if one cause were repaired, in [0, 1].

        - Boundary: each match gets an IoU of 1.
        - Others: false positives of the cause vanish. Misses of the cause become
          matches with the mean IoU of the category's matches. Where it has none,
          they get that of all matches of all categories, or 1 if there is none.

        A category that has no segment left is in no average, as in the metric.

        Args:
            cause: What is repaired.
            categories: Positions of the categories to average.
        """
        return _mean(
            [
                _pq(*totals)
                for c in self.counted(categories)
                if any(totals := self._repaired(c, cause))
            ]
        )

    def _totals(self, category: int) -> tuple[Fraction, int, int]:
        """Summed IoU, true positives, and false positives with misses."""
        tp = int(self.tp[category])
        iou = Fraction(tp * ONE - self.losses[category, Cause.BOUNDARY], ONE)
        return iou, tp, self._segments(category) - 2 * tp

    def _repaired(self, category: int, cause: Cause) -> tuple[Fraction, int, int]:
        iou, tp, halves = self._totals(category)
        if cause == Cause.BOUNDARY:
            return Fraction(tp), tp, halves
        found, vanished = (
            int(counts[category, cause]) for counts in (self.fn, self.fp)
        )
        quality = iou / tp if tp else self._mean_iou()
        return iou + found * quality, tp + found, halves - found - vanished

    def _mean_iou(self) -> Fraction:
        tp = int(self.tp.sum())
        if tp == 0:
            return Fraction(1)
        return Fraction(tp * ONE - self.losses[:, Cause.BOUNDARY].sum(), tp * ONE)


def _pq(iou: Fraction, tp: int, halves: int) -> Fraction:
    return 2 * iou / (2 * tp + halves)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return Fraction(sum(values), max(len(values), 1))


def decompose(terms: np.ndarray, num_categories: int) -> Decomposition:
    """Add up the terms of each category and cause.

    Args:
        terms: Rows of TERM: all, or those of a choice such as a size.
        num_categories: C.
    """
    shape = (num_categories, len(Cause))

    def count(chosen: np.ndarray, weights: np.ndarray | int) -> np.ndarray:
        # Python's integers have no largest value.
        total = np.zeros(shape, object)
        cells = (terms['category'][chosen], terms['cause'][chosen])
        np.add.at(total, cells, weights)
        return total

    units = (terms['loss'] * ONE).astype(np.int64).astype(object)
    is_tp, is_fp, is_fn = (terms['kind'] == kind for kind in (TP, FP, FN))
    return Decomposition(
        tp=count(is_tp, 1).sum(axis=1),
        fp=count(is_fp, 1),
        fn=count(is_fn, 1),
        losses=count(np.ones(len(terms), bool), units),
    )
