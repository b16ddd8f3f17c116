"""Draws the loss and PQ of a training."""

from matplotlib.figure import Figure

from .training_log import METRICS, curve, curves_like


def draw_curves(records: list[dict], title: str) -> Figure:
    """Losses on the left, panoptic quality on the right, over iterations.

    Args:
        records: Result of `read_records`.
        title: Of the figure.
    """
    # Not with pyplot, which may need a display and keeps all figures in memory.
    figure = Figure(figsize=(12, 4.5), layout='constrained')
    figure.suptitle(title)
    losses, quality = figure.subplots(1, 2)
    for name, (steps, values) in curves_like(records, 'loss').items():
        width = 2 if name == 'loss' else 1
        losses.plot(steps, values, label=name, linewidth=width)
    for metric in METRICS:
        for name, (steps, values) in curves_like(records, '', f'/{metric}').items():
            quality.plot(steps, values, marker='o', label=name.split('/')[-1])
    last = max(curve(records, 'loss')[0], default=1)
    for axes, label, top in (
        (losses, 'loss (smoothed, weighted)', None),
        (quality, 'panoptic quality, %', 100),
    ):
        axes.set(xlabel='iteration', ylabel=label, ylim=(0, top))
        # Leave room for the markers of the last validation.
        axes.set_xlim(0, 1.03 * last)
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend()
        else:
            axes.text(0.5, 0.5, 'nothing logged', transform=axes.transAxes, ha='center')
    return figure
