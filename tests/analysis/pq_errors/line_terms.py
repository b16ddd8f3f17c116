"""Terms of images that are a line of pixels, as `tests/evaluation/pq_cases.py` has."""

from collections import Counter
from collections.abc import Sequence

from epsnet_mm.evaluation.pq_counting import count_listed_intersections
from epsnet_mm.evaluation.pq_terms.causes import Cause
from epsnet_mm.evaluation.pq_terms.terms import image_terms
from tests.evaluation.pq_cases import CATEGORIES, Line

import numpy as np

CATEGORY_OF = {category['id']: category for category in CATEGORIES}
LENGTH = 100


def as_map(segments: Sequence[tuple]) -> tuple[np.ndarray, list[dict]]:
    """(1, 100) ids from 1, and the entries of the segments."""
    ids, entries = np.zeros((1, LENGTH), int), []
    for number, (category, start, stop, *crowd) in enumerate(segments, 1):
        ids[:, start:stop] = number
        entries.append(dict(id=number, category_id=category, iscrowd=len(crowd)))
    return ids, entries


def terms_of_maps(
    gt: tuple[np.ndarray, list[dict]], pred: tuple[np.ndarray, list[dict]]
) -> np.ndarray:
    """Terms of an image, from an id map and the entries of each side."""
    both = (gt[1], pred[1])
    gt_ids, pred_ids = ([x['id'] for x in segments] for segments in both)
    table = count_listed_intersections(gt[0], gt_ids, pred[0], pred_ids, ('a', 'b'))
    return image_terms(0, table, *both, CATEGORY_OF)


def terms_of_line(line: Line) -> np.ndarray:
    return terms_of_maps(*map(as_map, line))


def named(terms: np.ndarray) -> Counter:
    """Count terms as (kind, category id, cause)."""
    ids = list(CATEGORY_OF)
    return Counter(
        (['TP', 'FP', 'FN'][x['kind']], ids[x['category']], Cause(x['cause']))
        for x in terms
    )
