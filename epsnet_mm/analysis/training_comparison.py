"""Compares groups of trainings that differ only in their seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from statistics import mean, stdev

from scipy.stats import ttest_ind

from .markdown_table import markdown_table
from .training_log import METRICS, curve, curves_like, read_records

SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Group:
    """Last validation of several trainings of one config.

    Attributes:
        name: Of the group.
        scores: Metric -> its value for each training, in percent.
        minutes: Time of the training iterations of each training, with data
            loading, without validation.
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
        work_dirs: Work directories of `tools/train.py`, one per training.

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
                    'training end with a validation.'
                )
            scores[metric].append(values[-1])
        # A logged time holds for all iterations since the previous log.
        lengths = (step - before for before, step in pairwise([0, *steps]))
        minutes.append(sum(map(mul, lengths, seconds)) / 60)
    return Group(name, scores, minutes)


def comparison_table(groups: Sequence[Group]) -> str:
    """Markdown: mean and spread of each group, and its distance from the first.

    The verdict is that of Welch's t-test of PQ, two-sided, at 5 %. The test takes
    into account that two or three trainings give a rough estimate of their spread.
    For a single training there is no verdict.
    """
    first = groups[0]
    return markdown_table(
        ['training', 'runs', 'minutes', *METRICS, 'PQ against the first'],
        [
            [
                group.name,
                str(len(group.minutes)),
                f'{mean(group.minutes):.1f}',
                *(_with_spread(group, metric) for metric in METRICS),
                '' if group is first else _difference(first, group),
            ]
            for group in groups
        ],
        'lrr' + 'r' * len(METRICS) + 'l',
    )


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
