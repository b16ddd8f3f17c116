"""Markdown and JSON of the CPU table."""

import json
from collections.abc import Sequence
from pathlib import Path

from epsnet_mm.analysis.markdown_table import markdown_table

from .turns import Measured

HEADER = (
    'network',
    'engine',
    'precision',
    'input',
    'PQ',
    'ms',
    'p95',
    'images/s',
    'peak MiB',
    'MB',
    'x baseline',
    'n',
)
ALIGNMENT = 'lllr' + 'r' * 8


def baseline_of(results: Sequence[Measured]) -> Measured:
    """The row that the others are compared with.

    Raises:
        ValueError: It was not measured.
    """
    found = [x for x in results if x.row.baseline]
    if not found:
        raise ValueError(
            'The baseline was not measured, so there are no ratios; run it too.'
        )
    return found[0]


def cells(result: Measured, baseline: Measured) -> list[str]:
    """The row of the Markdown table."""
    height, width = result.size
    row = result.row
    pq = '' if row.pq is None else f'{row.pq:.1f} ({row.data})'
    return [
        row.title,
        row.engine,
        result.precision,
        f'{width} x {height}',
        pq,
        f'{result.time.median:.0f}',
        f'{result.time.p95:.0f}',
        f'{1e3 / result.time.median:.2f}',
        '' if result.memory is None else f'{result.memory:.0f}',
        f'{result.megabytes:.1f}',
        f'{result.time.median / baseline.time.median:.2f}',
        str(result.calls),
    ]


def leaderboard(
    results: Sequence[Measured],
    failures: Sequence[str],
    facts: dict[str, str],
) -> str:
    """The whole report.

    Args:
        results: Measured rows, in the order of the table.
        failures: A sentence for each row that failed.
        facts: Machine and command, as label and text.
    """
    baseline = baseline_of(results)
    named = f'{baseline.row.title}, {baseline.row.engine}, {baseline.precision}'
    facts = dict(facts, Baseline=named)
    rows = [cells(x, baseline) for x in results]
    parts = [
        '\n'.join(f'- {label}: {text}' for label, text in facts.items()),
        markdown_table(HEADER, rows, ALIGNMENT),
    ]
    if failures:
        parts.append('\n'.join(f'- Failed: {x}' for x in failures))
    return '\n\n'.join(parts)


def as_json(
    results: Sequence[Measured], failures: Sequence[str], facts: dict[str, str]
) -> str:
    """All figures, and what was run."""
    rows = [
        dict(
            title=x.row.title,
            engine=x.row.engine,
            precision=x.precision,
            config=x.row.config,
            file=x.row.file and Path(x.row.file).name,
            input=x.size,
            pq=x.row.pq,
            data=x.row.data,
            calls=x.calls,
            median_ms=round(x.time.median, 2),
            p95_ms=round(x.time.p95, 2),
            peak_mib=None if x.memory is None else round(x.memory),
            megabytes=round(x.megabytes, 2),
            segments=x.segments,
            torch=x.used_torch,
        )
        for x in results
    ]
    content = dict(facts=facts, rows=rows, failures=list(failures))
    return json.dumps(content, indent=1)
