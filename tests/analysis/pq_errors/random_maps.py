"""Random pairs of panoptic maps in which every cause of lost PQ occurs."""

from tests.evaluation.pq_cases import CAT, DOG, SEA, SKY, random_image

import numpy as np

Map = tuple[np.ndarray, list[dict]]


def random_pair(rng: np.random.Generator) -> tuple[Map, Map]:
    """Ground truth and prediction: the same segments moved, cut, joined, renamed."""
    ids, entries = random_image(rng)
    if rng.random() < 0.15:
        return (ids, entries), _listed(*random_image(rng))
    # Numbers from 1, so that new segments get free ones.
    order = [x['id'] for x in entries]
    pred = np.zeros_like(ids)
    categories = {}
    for number, entry in enumerate(entries, 1):
        pred[ids == entry['id']] = number
        categories[number] = entry['category_id']
    pred = np.roll(pred, rng.integers(-1, 2, 2), (0, 1))
    for number in range(1, len(order) + 1):
        change = rng.random()
        if change < 0.2:
            _cut(rng, pred, number, categories)
        elif change < 0.35:
            pred[pred == number] = rng.integers(0, len(order) + 1)
        elif change < 0.5:
            categories[number] = int(rng.choice([CAT, DOG, SKY, SEA]))
    if rng.random() < 0.3:
        number = max(categories, default=0) + 1
        y, x = rng.integers(0, (10, 14))
        pred[y : y + rng.integers(2, 6), x : x + rng.integers(2, 8)] = number
        categories[number] = int(rng.choice([CAT, DOG, SKY, SEA]))
    segments = [dict(id=k, category_id=v) for k, v in categories.items()]
    return (ids, entries), _listed(pred, segments)


def _cut(
    rng: np.random.Generator, pred: np.ndarray, number: int, categories: dict
) -> None:
    """Give a part of a segment to a new one of its category."""
    places = np.flatnonzero(pred == number)
    if places.size > 1:
        new = max(categories) + 1
        pred.ravel()[places[: rng.integers(1, places.size)]] = new
        categories[new] = categories[number]


def _listed(ids: np.ndarray, segments: list[dict]) -> Map:
    """Without crowds, and without segments that have no pixel."""
    kept = [dict(x, iscrowd=0) for x in segments if (ids == x['id']).any()]
    return ids, kept
