"""Everything about the lost PQ of some results, as plain values for JSON and tables.

All qualities, losses and intervals are in percent.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from ...evaluation.pq_terms.causes import Cause
from ...evaluation.pq_terms.decomposition import Decomposition, decompose
from .bootstrap import (
    CONFIDENCE,
    Draws,
    Qualities,
    average_categories,
    interval,
    resampled_losses,
    resampled_qualities,
)
from .confusion import segment_confusion
from .error_analysis import ErrorAnalysis
from .sizes import COCO_SIZES, TERCILES, coco_sizes, terciles


def summarize(analysis: ErrorAnalysis, draws: Draws) -> dict:
    """Sum up the errors of some results.

    Args:
        analysis: As `analyze_errors` gives.
        draws: Of its images.

    Returns:
        - `images`, `groups`, `resamples`, `confidence`: what the intervals rest on.
        - `quality`: for `All`, `Things` and `Stuff` the metric's `pq`, `sq`, `rq`
          and `n`, and `pq_interval`, `sq_interval` and `rq_interval`.
        - `boundary`: the same of boundary PQ, if it was measured.
        - `causes`: for each cause `terms`, the number of its terms, `lost` and
          `repaired` (the PQ without it), each for `All`, `Things` and `Stuff`, and
          `lost_interval` for all.
        - `sizes`: for each size `objects`, `pq`, and `lost` by cause, of the PQ of
          this size; `share` by cause, of the PQ of all sizes.
        - `classes`: for each category `id`, `name`, `isthing`, `tp`, `fp`, `fn`,
          `pq`, `pq_interval`, and `lost` and `repaired` by cause.
        - `confusion`: `names`, and the matrices `pixels` and `segments`.
    """
    whole = decompose(analysis.terms, len(analysis.categories))
    counts = analysis.counts()
    qualities = resampled_qualities(counts, draws)
    losses = resampled_losses(analysis.terms, counts, draws)
    chosen = class_groups(analysis.is_thing)
    measured = {}
    if analysis.boundary is not None:
        resampled = resampled_qualities(analysis.boundary, draws)
        averages = analysis.averages(analysis.boundary)
        measured['boundary'] = _quality(averages, resampled, chosen)
    return dict(
        images=len(analysis.image_ids),
        groups=int(draws.weights.shape[1]),
        resamples=len(draws.weights),
        confidence=CONFIDENCE,
        quality=_quality(analysis.averages(), qualities, chosen),
        **measured,
        causes={
            cause.title: _cause(cause, analysis.terms, whole, losses, chosen)
            for cause in Cause
        },
        sizes=_sizes(analysis, whole),
        classes=_classes(analysis, whole, qualities.pq),
        confusion=dict(
            names=[x['name'] for x in analysis.categories],
            pixels=analysis.pixels.tolist(),
            segments=segment_confusion(
                analysis.terms, len(analysis.categories)
            ).tolist(),
        ),
    )


def class_groups(is_thing: np.ndarray) -> dict[str, np.ndarray]:
    """The categories of each average: (C,) booleans by name."""
    return dict(All=np.ones_like(is_thing), Things=is_thing, Stuff=~is_thing)


def percent(value: Fraction) -> float:
    """The double nearest to an exact share, in percent."""
    return float(100 * value)


def _quality(
    averages: dict[str, dict], resampled: Qualities, chosen: dict[str, np.ndarray]
) -> dict:
    quality = {}
    for name, categories in chosen.items():
        row = {key: 100 * averages[name][key] for key in ('pq', 'sq', 'rq')}
        row['n'] = averages[name]['n']
        for key, values in resampled._asdict().items():
            mean = average_categories(values, categories)
            row[f'{key}_interval'] = interval(100 * mean)
        quality[name] = row
    return quality


def _cause(
    cause: Cause,
    terms: np.ndarray,
    whole: Decomposition,
    losses: np.ndarray,
    chosen: dict[str, np.ndarray],
) -> dict:
    def for_each(measure: Callable[[Sequence[int]], Fraction]) -> dict[str, float]:
        return {
            name: percent(measure(np.flatnonzero(categories)))
            for name, categories in chosen.items()
        }

    mean = average_categories(losses[..., cause], chosen['All'])
    return dict(
        terms=int((terms['cause'] == cause).sum()),
        lost=for_each(lambda categories: whole.lost(categories)[cause]),
        lost_interval=interval(100 * mean),
        repaired=for_each(lambda categories: whole.pq_without(cause, categories)),
    )


def _sizes(analysis: ErrorAnalysis, whole: Decomposition) -> dict:
    everything = range(len(analysis.categories))
    terms = analysis.terms
    sizes = {}
    for names, numbers in (
        (COCO_SIZES, coco_sizes(terms)),
        (TERCILES, terciles(terms)),
    ):
        for number, name in enumerate(names):
            part = decompose(terms[numbers == number], len(everything))
            sizes[name] = dict(
                objects=int(part.tp.sum() + part.fn.sum()),
                pq=percent(part.pq(everything)),
                lost=by_title(part.lost(everything)),
                share=by_title(part.lost(everything, whole)),
            )
    return sizes


def by_title(parts: dict[Cause, Fraction]) -> dict[str, float]:
    """Exact shares by cause, in percent and with the causes' names."""
    return {cause.title: percent(part) for cause, part in parts.items()}


def _classes(
    analysis: ErrorAnalysis, whole: Decomposition, resampled: np.ndarray
) -> list[dict]:
    classwise = analysis.averages()['classwise']
    return [
        dict(
            id=category['id'],
            name=category['name'],
            isthing=int(category['isthing']),
            tp=int(whole.tp[c]),
            fp=int(whole.fp[c].sum()),
            fn=int(whole.fn[c].sum()),
            pq=100 * classwise[category['id']]['pq'],
            pq_interval=interval(100 * resampled[:, c]),
            lost=by_title(whole.lost([c])),
            repaired={x.title: percent(whole.pq_without(x, [c])) for x in Cause},
        )
        for c, category in enumerate(analysis.categories)
    ]
