"""Plot of the CPU table."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from .turns import Measured

ROW, POINTS = 0.2, 3.0  # inches


def plot(path: Path, results: Sequence[Measured], caption: str) -> None:
    """Bars of the medians, and PQ against them for each dataset where it is known.

    Args:
        path: Picture to write; its suffix is the format.
        results: Measured rows, from top to bottom.
        caption: Machine and settings.
    """
    engines = sorted({x.row.engine for x in results})
    colors = {engine: f'C{number}' for number, engine in enumerate(engines)}
    datasets = sorted({x.row.data for x in results if x.row.pq is not None})
    heights = [1.5 + ROW * len(results)] + [POINTS] * bool(datasets)
    # Not with pyplot, which may need a display.
    figure = Figure(figsize=(8, sum(heights)), layout='constrained')
    parts = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)
    _plot_bars(parts[0, 0].subplots(), results, colors, caption)
    if datasets:
        axes = parts[1, 0].subplots(1, len(datasets), squeeze=False)[0]
        for one, data in zip(axes, datasets, strict=True):
            chosen = [x for x in results if x.row.pq is not None and x.row.data == data]
            _plot_points(one, chosen, colors)
            one.set_title(data)
    figure.savefig(path, dpi=100)


def _plot_bars(
    axes: Axes, results: Sequence[Measured], colors: dict[str, str], caption: str
) -> None:
    medians = [x.time.median for x in results]
    bars = axes.barh(
        range(len(results)), medians, color=[colors[x.row.engine] for x in results]
    )
    axes.bar_label(bars, [f'{x:.0f}' for x in medians], padding=2, fontsize=7)
    labels = [
        f'{x.row.title}, {x.precision}, {x.size[1]} x {x.size[0]}' for x in results
    ]
    axes.set_yticks(range(len(results)), labels, fontsize=7)
    axes.invert_yaxis()
    axes.margins(y=0.01)
    axes.set_xscale('log')
    axes.set_xlim(right=1.5 * max(medians))
    axes.set_xlabel(f'median time of an image (ms, logarithmic)\n{caption}')
    patches = [Patch(color=color, label=engine) for engine, color in colors.items()]
    axes.figure.legend(handles=patches, loc='outside upper center', ncols=len(patches))


def _plot_points(
    axes: Axes, results: Sequence[Measured], colors: dict[str, str]
) -> None:
    for result in results:
        point = result.time.median, result.row.pq
        axes.plot(*point, 'o', color=colors[result.row.engine])
        axes.annotate(f' {result.precision}', point, fontsize=7)
    axes.set_xlim(left=0, right=1.15 * max(x.time.median for x in results))
    axes.margins(y=0.3)
    axes.set_xlabel('median time of an image (ms)')
    axes.set_ylabel('PQ')
