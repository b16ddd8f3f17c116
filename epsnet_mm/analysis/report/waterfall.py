"""From 100 down to PQ: where the bar of each cause is."""

from ...evaluation.pq_terms.causes import Cause


def waterfall(summary: dict) -> list[dict]:
    """Bars of the waterfall, the largest cause first.

    Args:
        summary: As `pq_errors.summary.summarize` gives.

    Returns:
        For each cause that takes something: `cause`, `title`, `terms`, `lost` (with
        `All`, `Things` and `Stuff`), `interval`, `repaired`, `gain`, and the ends of
        its bar: `left` and `right`, in percent of PQ.
    """
    bars = []
    right = 100.0
    pq = summary['quality']['All']['pq']
    causes = summary['causes']
    for cause in sorted(Cause, key=lambda x: -causes[x.title]['lost']['All']):
        row = causes[cause.title]
        lost = row['lost']['All']
        if lost <= 0:
            continue
        bars.append(
            dict(
                cause=cause,
                title=cause.title,
                terms=row['terms'],
                lost=row['lost'],
                interval=row['lost_interval'],
                repaired=row['repaired']['All'],
                gain=row['repaired']['All'] - pq,
                left=right - lost,
                right=right,
            )
        )
        right -= lost
    return bars
