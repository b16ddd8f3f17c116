"""Compares any number of results on the same images, with a table and a plot."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from ...evaluation.pq_terms.causes import Cause
from ..markdown_table import markdown_table
from .bootstrap import Draws
from .comparison import compare
from .error_analysis import ErrorAnalysis
from .summary import summarize

#: Causes that the plot tells apart; the others are one more bar.
_NUM_CAUSES = 6


def rank_runs(runs: Mapping[str, ErrorAnalysis], draws: Draws) -> list[dict]:
    """Qualities of each run, and how it differs from the first one.

    Args:
        runs: By name, on the same images; the first one is the baseline.
        draws: Of these images.

    Returns:
        For each run its `name`; `quality`, see `summarize`; `lost`, what each cause
        takes, in percent; `difference`, that of PQ to the baseline, see `compare`;
        None for the baseline.

    Raises:
        ValueError: Runs have different images or categories.
    """
    first = next(iter(runs.values()))
    rows = []
    for name, run in runs.items():
        difference = None
        if run is not first:
            difference = compare(run, first, draws)['quality']['All']['pq']
        summary = summarize(run, draws)
        rows.append(
            dict(
                name=name,
                quality=summary['quality'],
                lost={x: row['lost']['All'] for x, row in summary['causes'].items()},
                difference=difference,
            )
        )
    return rows


def ranking_table(rows: list[dict]) -> str:
    """Markdown: PQ of each run, the best first, against the baseline.

    Args:
        rows: As `rank_runs` gives.
    """
    cells = []
    for row in sorted(rows, key=lambda row: -row['quality']['All']['pq']):
        low, high = row['quality']['All']['pq_interval']
        qualities = (row['quality'][x]['pq'] for x in ('All', 'Things', 'Stuff'))
        pq, things, stuff = (f'{x:.2f}' for x in qualities)
        cells.append(
            [
                row['name'],
                pq,
                f'{low:.1f} to {high:.1f}',
                things,
                stuff,
                *_difference(row['difference']),
                max(row['lost'], key=row['lost'].get),
            ]
        )
    header = ['results', 'PQ', '95 %', 'PQ_th', 'PQ_st', 'against the first']
    return markdown_table([*header, '95 %', 'p', 'largest cause'], cells, 'lrrrrrrrl')


def _difference(row: dict | None) -> tuple[str, str, str]:
    if row is None:
        return '', '', ''
    low, high = row['interval']
    return f'{row["difference"]:+.2f}', f'{low:+.1f} to {high:+.1f}', f'{row["p"]:.2g}'


def draw_ranking(rows: list[dict]) -> Figure:
    """PQ with its interval on the left, what causes take on the right.

    Args:
        rows: As `rank_runs` gives.
    """
    # Not with pyplot, which may need a display and keeps all figures in memory.
    figure = Figure(figsize=(12, 1.6 + 0.5 * len(rows)), layout='constrained')
    left, right = figure.subplots(1, 2, sharey=True)
    rows = sorted(rows, key=lambda row: row['quality']['All']['pq'])
    names = [row['name'] for row in rows]
    values = [row['quality']['All']['pq'] for row in rows]
    low, high = zip(
        *(row['quality']['All']['pq_interval'] for row in rows), strict=True
    )
    left.errorbar(
        values,
        range(len(rows)),
        xerr=[
            # The interval may lie beside a value.
            [max(x - end, 0) for x, end in zip(values, low, strict=True)],
            [max(end - x, 0) for x, end in zip(values, high, strict=True)],
        ],
        fmt='o',
        capsize=4,
    )
    left.set_yticks(range(len(rows)), names)
    left.set(xlabel='PQ and its 95 % interval, %')
    left.grid(alpha=0.3)
    _draw_causes(right, rows)
    return figure


def _draw_causes(axes: object, rows: list[dict]) -> None:
    total = {x.title: sum(row['lost'][x.title] for row in rows) for x in Cause}
    largest = sorted(total, key=total.get, reverse=True)[:_NUM_CAUSES]
    start = [0.0] * len(rows)
    for title in (*largest, 'others'):
        widths = [
            row['lost'][title]
            if title != 'others'
            else sum(x for name, x in row['lost'].items() if name not in largest)
            for row in rows
        ]
        axes.barh(range(len(rows)), widths, left=start, label=title)
        start = [x + width for x, width in zip(start, widths, strict=True)]
    axes.set(xlabel='lost PQ, %')
    axes.legend(fontsize='small', loc='center left', bbox_to_anchor=(1, 0.5))
