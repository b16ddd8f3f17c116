"""The one writer of Markdown tables."""

from collections.abc import Iterable, Sequence

_RULES = dict(l='---', r='---:')


def markdown_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], alignment: str
) -> str:
    r"""A table in GitHub's Markdown.

    Args:
        header: Titles of the columns.
        rows: Cells of each row, as many as there are titles. A `|` becomes `\|`,
            and a line break a space.
        alignment: One letter per column, as in LaTeX: `l` for text, `r` for numbers.

    Returns:
        The lines of the table, without a line break at the end.

    Raises:
        ValueError: If a row or `alignment` does not fit the header.
    """
    if len(alignment) != len(header) or not set(alignment) <= set(_RULES):
        raise ValueError(
            f'The alignment {alignment!r} does not fit a table of {len(header)} '
            'columns: give one l or r per column.'
        )
    lines = [_line(map(_escape, header)), _line(_RULES[x] for x in alignment)]
    for row in rows:
        if len(row) != len(header):
            raise ValueError(
                f'The row {list(row)} has {len(row)} cells, but the table has '
                f'{len(header)} columns: give one cell per column.'
            )
        lines.append(_line(map(_escape, row)))
    return '\n'.join(lines)


def _line(cells: Iterable[str]) -> str:
    return f'| {" | ".join(cells)} |'


def _escape(cell: str) -> str:
    return ' '.join(cell.splitlines()).replace('|', r'\|')
