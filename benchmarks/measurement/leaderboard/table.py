"""Markdown, JSON and plot of the CPU table."""

import json
from collections.abc import Sequence
from pathlib import Path

from epsnet_mm.analysis.markdown_table import markdown_table

from matplotlib.figure import Figure

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


def plot(path: Path, results: Sequence[Measured], caption: str) -> None:
    """Bars of the medians, and PQ against them where it is known.

    Args:
        path: Picture to write; its suffix is the format.
        results: Measured rows, from top to bottom.
        caption: Machine and settings.
    """
    trained = [x for x in results if x.row.pq is not None]
    # Not with pyplot, which may need a display.
    figure = Figure(
        figsize=(8, 1.5 + 0.24 * len(results) + (3 if trained else 0)),
        layout='constrained',
    )
    if trained:
        heights = [0.24 * len(results) + 1, 3]
        bars, points = figure.subplots(2, 1, height_ratios=heights)
        _plot_points(points, trained)
    else:
        bars = figure.subplots()
    engines = sorted({x.row.engine for x in results})
    colors = {engine: f'C{number}' for number, engine in enumerate(engines)}
    for number, result in enumerate(results):
        bars.barh(number, result.time.median, color=colors[result.row.engine])
        bars.text(
            result.time.median,
            number,
            f' {result.time.median:.0f}',
            va='center',
            fontsize=7,
        )
    labels = [f'{x.row.title}, {x.precision}, {x.size[1]} px' for x in results]
    bars.set_yticks(range(len(results)), labels, fontsize=7)
    bars.invert_yaxis()
    bars.set_xscale('log')
    bars.set_xlabel(f'median time of an image (ms, logarithmic)\n{caption}')
    bars.legend(
        handles=[bars.patches[_first(results, x)] for x in engines], labels=engines
    )
    figure.savefig(path, dpi=100)


def _first(results: Sequence[Measured], engine: str) -> int:
    return [x.row.engine for x in results].index(engine)


def _plot_points(axes, results: Sequence[Measured]) -> None:
    for data in sorted({x.row.data for x in results}):
        chosen = [x for x in results if x.row.data == data]
        axes.plot(
            [x.time.median for x in chosen],
            [x.row.pq for x in chosen],
            'o',
            label=data,
        )
        for result in chosen:
            axes.annotate(
                f' {result.row.engine} {result.precision}',
                (result.time.median, result.row.pq),
                fontsize=7,
            )
    axes.set_xlabel('median time of an image (ms)')
    axes.set_ylabel('PQ')
    axes.legend()
