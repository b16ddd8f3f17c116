"""Metrics of an evaluation as a table for the console."""

from rich.table import Table

_QUALITIES = ('PQ', 'SQ', 'RQ')
_ROWS = {'All': '', 'Things': '_th', 'Stuff': '_st'}


def metric_table(metrics: dict[str, float], title: str | None = None) -> Table:
    """Panoptic quality as rows of segments; other metrics as a row each.

    Args:
        metrics: What an evaluator returns: `<prefix>/<name>` -> value. PQ, SQ and
            RQ are in percent.
        title: Line above the table.
    """
    values = {name.rpartition('/')[2]: value for name, value in metrics.items()}
    table = Table(title=title, title_justify='left')
    table.add_column()
    if any(quality + _ROWS['All'] not in values for quality in _QUALITIES):
        table.add_column('value', justify='right')
        for name, value in values.items():
            table.add_row(name, f'{value:.4g}')
        return table
    for quality in _QUALITIES:
        table.add_column(f'{quality} (%)', justify='right')
    for row, suffix in _ROWS.items():
        cells = [values.get(quality + suffix) for quality in _QUALITIES]
        table.add_row(row, *('-' if cell is None else f'{cell:.1f}' for cell in cells))
    return table
