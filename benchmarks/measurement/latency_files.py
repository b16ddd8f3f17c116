"""CSV file and plot of the latency of detectors."""

import csv
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from .latency import STAGES, Latency


def write_csv(path: Path, results: Sequence[Latency]) -> None:
    """Write a row for each detector, in milliseconds and MiB."""
    names = [*STAGES, 'whole']
    columns = [f'{name}_{kind}_ms' for name in names for kind in ('median', 'p95')]
    with open(path, 'w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(['detector', *columns, 'memory_mib'])
        for result in results:
            summaries = [*(result.stages[stage] for stage in STAGES), result.whole]
            times = [f'{x:.3f}' for summary in summaries for x in summary]
            writer.writerow([result.title, *times, f'{result.memory:.1f}'])


def plot_stages(path: Path, results: Sequence[Latency], caption: str) -> None:
    """Stacked bars of the stages' medians, one for each detector.

    Args:
        path: Picture to write; its suffix is the format.
        results: Measured rows, from top to bottom.
        caption: Machine and settings, below the bars.
    """
    # Not with pyplot, which may need a display.
    figure = Figure(figsize=(8, 1.2 + 0.45 * len(results)), layout='constrained')
    axes = figure.subplots()
    titles = [result.title for result in results]
    left = [0.0] * len(results)
    for stage in STAGES:
        medians = [result.stages[stage].median for result in results]
        axes.barh(titles, medians, left=left, label=stage)
        left = [start + length for start, length in zip(left, medians, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel(f'median time of a batch (ms)\n{caption}')
    axes.legend()
    figure.savefig(path, dpi=150)
