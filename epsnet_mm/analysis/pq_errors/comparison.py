"""Compares two runs on the same images."""

from collections.abc import Sequence

import numpy as np

from ...evaluation.pq_terms.causes import Cause
from ...evaluation.pq_terms.decomposition import decompose
from .bootstrap import (
    Draws,
    average_categories,
    interval,
    resampled_losses,
    resampled_qualities,
    two_sided_p,
)
from .error_analysis import ErrorAnalysis
from .image_counts import ImageCounts
from .summary import class_groups, percent


def compare(first: ErrorAnalysis, second: ErrorAnalysis, draws: Draws) -> dict:
    """Differences of two runs, with a paired bootstrap test.

    Args:
        first: The run that is looked at.
        second: The run that it is compared with, on the same images and categories.
        draws: Of their images.

    Returns:
        - `quality`: for `All`, `Things` and `Stuff`, and each of `pq`, `sq` and `rq`,
          the values `first` and `second`, `difference` (first - second), its
          `interval` and the `p` of a two-sided test that there is none.
        - `boundary`: the same for boundary PQ, if both runs have it.
        - `causes`: the same for the PQ that each cause takes from all categories.

    Raises:
        ValueError: If the runs have different images or categories.
    """
    second = _aligned(second, first)
    runs = (first, second)
    compared = dict(quality=_qualities(runs, [run.counts() for run in runs], draws))
    if None not in (first.boundary, second.boundary):
        compared['boundary'] = _qualities(runs, [x.boundary for x in runs], draws)
    everything = np.ones_like(first.is_thing)
    losses, lost = [], []
    for run in runs:
        losses.append(resampled_losses(run.terms, run.counts(), draws))
        parts = decompose(run.terms, len(everything))
        lost.append(parts.lost(range(len(everything))))
    compared['causes'] = {
        cause.title: _difference(
            [percent(parts[cause]) for parts in lost],
            [average_categories(x[..., cause], everything) for x in losses],
        )
        for cause in Cause
    }
    return compared


def _qualities(
    runs: Sequence[ErrorAnalysis], counts: Sequence[ImageCounts], draws: Draws
) -> dict:
    resampled = [resampled_qualities(table, draws) for table in counts]
    averages = [run.averages(x) for run, x in zip(runs, counts, strict=True)]
    return {
        name: {
            key: _difference(
                [100 * average[name][key] for average in averages],
                [average_categories(getattr(x, key), categories) for x in resampled],
            )
            for key in ('pq', 'sq', 'rq')
        }
        for name, categories in class_groups(runs[0].is_thing).items()
    }


def _difference(values: list[float], resampled: list[np.ndarray]) -> dict:
    differences = 100 * (resampled[0] - resampled[1])
    return dict(
        first=values[0],
        second=values[1],
        difference=values[0] - values[1],
        interval=interval(differences),
        p=two_sided_p(differences),
    )


def _aligned(run: ErrorAnalysis, like: ErrorAnalysis) -> ErrorAnalysis:
    """The same run with images and categories in the order of another one."""
    if set(run.image_ids) != set(like.image_ids):
        differing = sorted(set(run.image_ids) ^ set(like.image_ids), key=str)
        raise ValueError(
            f'The two runs have different images, e.g. the id {differing[0]}: compare '
            'results on the same images.'
        )
    ids = [[x['id'] for x in analysis.categories] for analysis in (run, like)]
    if set(ids[0]) != set(ids[1]):
        raise ValueError(
            'The two runs have different categories: compare results on the same '
            'annotation file.'
        )
    number_of = {image_id: i for i, image_id in enumerate(like.image_ids)}
    image_numbers = np.array([number_of[i] for i in run.image_ids])
    category_numbers = np.array([ids[1].index(i) for i in ids[0]] + [-1])
    terms = run.terms.copy()
    terms['image'] = image_numbers[terms['image']]
    for key in ('category', 'other'):
        terms[key] = category_numbers[terms[key]]
    # An image's terms keep their order, in which the metric adds them up.
    terms = terms[np.argsort(terms['image'], kind='stable')]
    order = np.argsort([*category_numbers[:-1], len(ids[0])])
    boundary = None
    if run.boundary is not None:
        cells = np.ix_(np.argsort(image_numbers), order[:-1])
        boundary = ImageCounts(*(table[cells] for table in run.boundary))
    return ErrorAnalysis(
        categories=like.categories,
        image_ids=like.image_ids,
        groups=like.groups,
        terms=terms,
        pixels=run.pixels[np.ix_(order, order)],
        boundary=boundary,
    )
