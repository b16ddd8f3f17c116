"""A sweep of thresholds as a table and as a plot."""

from matplotlib.figure import Figure

from .markdown_table import markdown_table
from .threshold_sweep import Setting


def sweep_table(summary: dict) -> str:
    """Markdown: PQ by score threshold (rows) and overlap threshold (columns).

    Args:
        summary: As `sweep_summary` gives. If several stuff areas were tried, the
            table is that of the best one. The best PQ is bold, that of the config
            has brackets.
    """
    best, own = summary['best'], summary['own']
    rows = best_area_rows(summary)
    overlaps = sorted({row['mask_overlap'] for row in rows})
    cells = {}
    for row in rows:
        text = f'{row["pq"]:.2f}'
        if row is own:
            text = f'({text})'
        if row is best:
            text = f'**{text}**'
        cells[row['score_thr'], row['mask_overlap']] = text
    return markdown_table(
        ['score_thr', *(f'mask_overlap {overlap:g}' for overlap in overlaps)],
        [
            [f'{score:g}', *(cells.get((score, x), '') for x in overlaps)]
            for score in sorted({row['score_thr'] for row in rows})
        ],
        'r' * (len(overlaps) + 1),
    )


def sweep_verdict(summary: dict) -> str:
    """Say which setting is best and by how much, with the lines of a config."""
    best, own = summary['best'], summary['own']
    if best is own:
        return f'The thresholds of the config are the best ones: PQ {own["pq"]:.2f}.'
    low, high = summary['gain_interval']
    lines = Setting(*(best[key] for key in Setting._fields)).config_lines()
    text = (
        f'Best: PQ {best["pq"]:.2f}; the config has {own["pq"]:.2f} '
        f'({summary["gain"]:+.2f}, 95 % {low:+.2f} to {high:+.2f}).\n\n{lines}'
    )
    if low <= 0:
        text += '\n\nThe interval has 0 in it: this gain may be chance.'
    return text


def draw_sweep(summary: dict) -> Figure:
    """PQ over the score threshold, one line for each overlap threshold.

    Args:
        summary: As `sweep_summary` gives.
    """
    figure = Figure(figsize=(7, 4.5), layout='constrained')
    axes = figure.subplots()
    rows = best_area_rows(summary)
    for overlap in sorted({row['mask_overlap'] for row in rows}):
        line = sorted(
            (row['score_thr'], row['pq'])
            for row in rows
            if row['mask_overlap'] == overlap
        )
        axes.plot(*zip(*line, strict=True), marker='.', label=f'{overlap:g}')
    for key, marker in (('best', '*'), ('own', 'o')):
        row = summary[key]
        name = dict(best='best', own='config')[key]
        axes.plot(
            row['score_thr'],
            row['pq'],
            marker,
            color='black',
            fillstyle='none' if key == 'own' else 'full',
            markersize=12,
            label=name,
        )
    axes.set(xlabel='score_thr', ylabel='PQ, %')
    axes.grid(alpha=0.3)
    axes.legend(title='mask_overlap')
    return figure


def best_area_rows(summary: dict) -> list[dict]:
    """The settings that have the stuff area of the best one.

    Args:
        summary: As `sweep_summary` gives.
    """
    limit = summary['best']['stuff_area_limit']
    return [row for row in summary['settings'] if row['stuff_area_limit'] == limit]
