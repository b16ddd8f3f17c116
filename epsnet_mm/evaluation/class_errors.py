"""What each class loses panoptic quality to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from .pq_terms.causes import Cause
from .pq_terms.decomposition import decompose

#: Causes of a class that the table names.
NUM_CAUSES = 3
#: Titles of the table.
HEADER = ('class', 'PQ', 'SQ', 'RQ', 'TP', 'FP', 'FN', 'lost to, the largest first')


@dataclass(frozen=True)
class ClassErrors:
    """Classes with segments, the worst first; all qualities in percent.

    Attributes:
        rows: For each class `name`, `isthing`, `pq`, `sq`, `rq`, `tp`, `fp`, `fn`, and
            `lost`, PQ that each cause takes, from title to points, the largest first.
        lost: The same for the average of all classes.
    """

    rows: list[dict]
    lost: dict[str, float]

    @classmethod
    def of_terms(
        cls,
        terms: np.ndarray,
        qualities: Mapping[int, Mapping[str, float]],
        categories: Sequence[dict],
    ) -> 'ClassErrors':
        """Sum up the terms of all images.

        Args:
            terms: Rows of TERM.
            qualities: `pq`, `sq` and `rq` in [0, 1] by category id.
            categories: `id`, `name` and `isthing` of each, in label order.
        """
        whole = decompose(terms, len(categories))
        rows = [
            dict(
                name=str(category['name']),
                isthing=bool(category['isthing']),
                tp=int(whole.tp[c]),
                fp=int(whole.fp[c].sum()),
                fn=int(whole.fn[c].sum()),
                lost=_largest_first(whole.lost([c])),
                **{key: 100 * x for key, x in qualities[category['id']].items()},
            )
            for c, category in enumerate(categories)
            if whole.counted([c])
        ]
        everything = whole.lost(range(len(categories)))
        return cls(sorted(rows, key=lambda row: row['pq']), _largest_first(everything))

    def cells(self) -> list[list]:
        """Cells of each class under HEADER: its name, numbers, and causes in words."""
        numbers = ('pq', 'sq', 'rq', 'tp', 'fp', 'fn')
        return [
            [row['name'], *(row[x] for x in numbers), _in_words(row['lost'])]
            for row in self.rows
        ]

    def table(self) -> str:
        """Text of a table, with the largest causes of each class."""
        table = Table(box=box.ASCII)
        for title in HEADER:
            table.add_column(title, justify='right' if title.isupper() else 'left')
        for name, *numbers, words in self.cells():
            qualities, counts = numbers[:3], numbers[3:]
            table.add_row(
                name, *(f'{x:.3f}' for x in qualities), *map(str, counts), words
            )
        console = Console(width=200, color_system=None)
        with console.capture() as capture:
            # Names of classes are no markup.
            console.print(table, markup=False)
        return capture.get().rstrip()


def _largest_first(lost: Mapping[Cause, float]) -> dict[str, float]:
    ordered = sorted(lost, key=lost.get, reverse=True)
    return {cause.title: float(100 * lost[cause]) for cause in ordered}


def _in_words(lost: Mapping[str, float]) -> str:
    largest = [x for x in list(lost.items())[:NUM_CAUSES] if x[1] > 0]
    return '; '.join(f'{title} {points:.1f}' for title, points in largest)
