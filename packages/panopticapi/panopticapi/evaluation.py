"""Panoptic Quality from counts (Kirillov et al. 2019, section 4)."""

from collections import defaultdict
from dataclasses import dataclass

#: A (ground truth id, predicted id) pair is stored as `gt * OFFSET + pred`;
#: ids are three bytes, so no pair collides with another.
OFFSET = 256**3

#: The id of the pixels that belong to no segment.
VOID = 0


@dataclass
class PQStatCat:
    """The counts of one category.

    `iou` is the sum of the IoU, each in (0.5, 1], over the `tp` matched pairs.
    """

    iou: float = 0.0
    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __iadd__(self, other: 'PQStatCat') -> 'PQStatCat':
        self.iou += other.iou
        self.tp += other.tp
        self.fp += other.fp
        self.fn += other.fn
        return self

    def quality(self) -> dict[str, float]:
        """PQ = SQ x RQ of the category, each in [0, 1].

        All three are 0 where nothing was counted, and SQ where nothing was
        matched.
        """
        counted = self.tp + 0.5 * self.fp + 0.5 * self.fn
        if counted == 0:
            return dict(pq=0.0, sq=0.0, rq=0.0)
        sq = self.iou / self.tp if self.tp else 0.0
        return dict(pq=self.iou / counted, sq=sq, rq=self.tp / counted)


class PQStat:
    """The counts of all categories: `stat[category_id].tp += 1`.

    Counts of several images or processes are summed with `+=`.
    """

    def __init__(self) -> None:
        self.pq_per_cat: dict[int, PQStatCat] = defaultdict(PQStatCat)

    def __getitem__(self, category_id: int) -> PQStatCat:
        return self.pq_per_cat[category_id]

    def __iadd__(self, other: 'PQStat') -> 'PQStat':
        for category_id, counts in other.pq_per_cat.items():
            self.pq_per_cat[category_id] += counts
        return self

    def pq_average(
        self, categories: dict[int, dict], isthing: bool | None = None
    ) -> tuple[dict, dict]:
        """Average PQ, SQ and RQ over the categories that occur.

        Args:
            categories: From category id to a dict with `isthing` (0 or 1).
            isthing: Only things (True), only stuff (False) or all (None).

        Returns:
            `(mean, per_class)`. `mean` has `pq`, `sq`, `rq` in [0, 1] and `n`,
            the number of categories averaged: those with a ground truth or a
            counted predicted segment. `per_class` maps every category id that
            `isthing` selects to its `pq`, `sq` and `rq`, which are 0 for the
            categories that do not occur.
        """
        per_class, occurring = {}, []
        for category_id, category in categories.items():
            if isthing is not None and isthing != (category['isthing'] == 1):
                continue
            # `get`, because indexing would add the category.
            counts = self.pq_per_cat.get(category_id, PQStatCat())
            per_class[category_id] = counts.quality()
            if counts.tp + counts.fp + counts.fn:
                occurring.append(per_class[category_id])

        num = len(occurring)
        mean = {
            key: sum(quality[key] for quality in occurring) / max(num, 1)
            for key in ('pq', 'sq', 'rq')
        }
        return dict(**mean, n=num), per_class
