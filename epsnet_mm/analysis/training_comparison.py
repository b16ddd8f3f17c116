"""Compares groups of trainings that differ in their seed only."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from scipy.stats import ttest_ind

from .training_log import curve, curves_like, read_records

METRICS = ('PQ', 'PQ_th', 'PQ_st')
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Group:
    """Last validation of some trainings of one config.

    Attributes:
        name: Of the group.
        scores: Metric -> its value in percent for each training.
        minutes: Time in training iterations of each training, data loading
            included, validation not.
    """

    name: str
    scores: dict[str, list[float]]
    minutes: list[float]

    def mean(self, metric: str) -> float:
        """Mean over the trainings."""
        return mean(self.scores[metric])

    def spread(self, metric: str) -> float:
        """Sample standard deviation; NaN for a single training."""
        values = self.scores[metric]
        return stdev(values) if len(values) > 1 else float('nan')


def read_group(name: str, work_dirs: Sequence[str]) -> Group:
    """Read the logs of a group.

    Args:
        name: Of the group.
        work_dirs: Of `tools/train.py`, one for each training.

    Raises:
        FileNotFoundError: A folder has no log of a training.
        ValueError: A training has no validation after its last iteration.
    """
    scores: dict[str, list[float]] = {metric: [] for metric in METRICS}
    minutes = []
    for work_dir in work_dirs:
        records = read_records(work_dir)
        steps, seconds = curve(records, 'time')
        for metric in METRICS:
            found = curves_like(records, '', f'/{metric}')
            last_steps, values = next(iter(found.values()), ([-1], []))
            if last_steps[-1] < steps[-1]:
                raise ValueError(
                    f'{work_dir} has no {metric} of its last iteration: let the '
                    'training end, with a validation.'
                )
            scores[metric].append(values[-1])
        # Each logged value stands for the iterations since the one before it.
        minutes.append(
            sum(
                (step - before) * value
                for before, step, value in zip(
                    [0, *steps[:-1]], steps, seconds, strict=True
                )
            )
            / 60
        )
    return Group(name, scores, minutes)


def markdown_table(groups: Sequence[Group]) -> str:
    """Mean and spread of each group, and how far it is from the first.

    The verdict is that of Welch's t-test of PQ, two-sided, at 5 %: two or three
    trainings know their own spread badly, which it takes into account. Without
    repetitions nothing can be said, and nothing is.
    """
    lines = [
        '| training | runs | minutes | '
        + ' | '.join(METRICS)
        + ' | PQ against the first |',
        '| --- | ---: | ---: | ' + '---: | ' * len(METRICS) + '--- |',
    ]
    for group in groups:
        cells = [group.name, str(len(group.minutes)), f'{mean(group.minutes):.1f}']
        cells += [_with_spread(group, metric) for metric in METRICS]
        cells.append('' if group is groups[0] else _difference(groups[0], group))
        lines.append(f'| {" | ".join(cells)} |')
    return '\n'.join(lines)


def _with_spread(group: Group, metric: str) -> str:
    text = f'{group.mean(metric):.1f}'
    if len(group.minutes) > 1:
        text += f' ± {group.spread(metric):.1f}'
    return text


def _difference(first: Group, group: Group) -> str:
    text = f'{group.mean("PQ") - first.mean("PQ"):+.1f}'
    if min(len(first.minutes), len(group.minutes)) < 2:
        return text
    p = ttest_ind(first.scores['PQ'], group.scores['PQ'], equal_var=False).pvalue
    place = 'outside' if p < SIGNIFICANCE else 'inside'
    return f'{text}, {place} the noise (p = {p:.2g})'
