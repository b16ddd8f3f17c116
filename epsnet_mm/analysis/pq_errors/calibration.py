"""Whether scores are probabilities: reliability and expected calibration error.

Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2: predictions
are grouped by their score, and each group's mean score is compared to its precision.
Here a prediction is right if it is a true positive of PQ. Excused predictions are
left out, as they are in PQ.
"""

from typing import NamedTuple

import numpy as np

from ...evaluation.pq_terms.terms import FN, TP
from .error_analysis import ErrorAnalysis
from .result_files import ResultFiles

NUM_BINS = 10


class ScoredPredictions(NamedTuple):
    """Predictions that have a score.

    Attributes:
        scores: (D,) in [0, 1].
        right: (D,) whether each is a true positive.
        categories: (D,) positions in the categories of the analysis.
    """

    scores: np.ndarray
    right: np.ndarray
    categories: np.ndarray


def scored_predictions(
    analysis: ErrorAnalysis, files: ResultFiles
) -> ScoredPredictions:
    """Look up the `score` of each true and false positive in the results.

    Args:
        analysis: Of the same files.
        files: Their `segments_info` may have `score`; EPSNet's things do.

    Raises:
        ValueError: If a score is not in [0, 1].
    """
    scores = files.scores()
    terms = analysis.terms[analysis.terms['kind'] != FN]
    keys = zip(terms['image'].tolist(), terms['pred_id'].tolist(), strict=True)
    # A prediction without a score has none here either.
    found = np.array([scores.get(key, np.nan) for key in keys], np.float64)
    there = ~np.isnan(found)
    return ScoredPredictions(
        scores=found[there],
        right=(terms['kind'] == TP)[there],
        categories=terms['category'][there],
    )


def calibrate(predictions: ScoredPredictions, num_bins: int = NUM_BINS) -> dict | None:
    """Compare scores with precision, in groups of equal width.

    Args:
        predictions: Of one category, or of several.
        num_bins: Number of groups between 0 and 1.

    Returns:
        - `predictions`, `score`, `precision`: number, mean score, and share of true
          positives.
        - `error`: the expected calibration error: the mean distance of score and
          precision over the groups, weighted by their predictions.
        - `bins`: for each group `low`, `high`, `predictions`, and its `score` and
          `precision`, which are None where it is empty.

        Shares and scores are in [0, 1]. None if there is no prediction.

    Raises:
        ValueError: If a score is not in [0, 1].
    """
    scores, right, _ = predictions
    if not len(scores):
        return None
    if scores.min() < 0 or scores.max() > 1:
        raise ValueError(
            f'The results have scores from {scores.min():g} to {scores.max():g}: '
            'write `score` as a number from 0 to 1, or leave it out.'
        )
    # The last group has its upper end too.
    group = np.minimum((scores * num_bins).astype(np.int64), num_bins - 1)
    counts, totals, hits = (
        np.bincount(group, weights, num_bins) for weights in (None, scores, right)
    )
    bins = [
        dict(
            low=i / num_bins,
            high=(i + 1) / num_bins,
            predictions=int(counts[i]),
            score=totals[i] / counts[i] if counts[i] else None,
            precision=hits[i] / counts[i] if counts[i] else None,
        )
        for i in range(num_bins)
    ]
    return dict(
        predictions=len(scores),
        score=float(scores.mean()),
        precision=float(right.mean()),
        error=float(np.abs(totals - hits).sum() / len(scores)),
        bins=bins,
    )


def calibration_summary(analysis: ErrorAnalysis, files: ResultFiles) -> dict | None:
    """Calibration of all predictions that have a score, and of each category.

    Args:
        analysis: Of the same files.
        files: The results.

    Returns:
        As `calibrate` gives, and `classes`, the same by name. None without scores.

    Raises:
        ValueError: If a score is not in [0, 1].
    """
    found = scored_predictions(analysis, files)
    whole = calibrate(found)
    if whole is None:
        return None
    whole['classes'] = {
        analysis.categories[c]['name']: calibrate(
            ScoredPredictions(*(part[found.categories == c] for part in found))
        )
        for c in np.unique(found.categories).tolist()
    }
    return whole
