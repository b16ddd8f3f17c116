"""Numbers the segments of a panoptic map of MMDetection."""

from collections.abc import Mapping, Sequence

from epsnet_runtime.coco.segment_runs import find_runs

import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET


def number_segments(
    id_map: np.ndarray,
    categories: Sequence[dict],
    scores: Mapping[int, float] | None = None,
) -> tuple[np.ndarray, list[dict]]:
    """Number the segments of a panoptic map from 1.

    Args:
        id_map: (H, W), label + instance number * INSTANCE_OFFSET; labels from
            `len(categories)` on are void.
        categories: `id` and `isthing` of each class, in label order.
        scores: Score in [0, 1] of ids of the map, as far as they have one.

    Returns:
        (H, W) int64 segment ids, 0 for void, else 1, 2, ..., and of each segment
        that `id`, `category_id`, `isthing`, `iscrowd`, and `score` if it has one.
    """
    scores = scores or {}
    starts, lengths = find_runs(id_map)
    values, index = np.unique(id_map.ravel()[starts], return_inverse=True)
    labels = values % INSTANCE_OFFSET
    solid = labels < len(categories)
    numbers = np.where(solid, np.cumsum(solid), 0)
    segments = []
    for value, label in zip(
        values[solid].tolist(), labels[solid].tolist(), strict=True
    ):
        segment = dict(
            id=len(segments) + 1,
            category_id=categories[label]['id'],
            isthing=categories[label]['isthing'],
            iscrowd=0,
        )
        if value in scores:
            segment['score'] = round(scores[value], 5)
        segments.append(segment)
    return np.repeat(numbers[index], lengths).reshape(id_map.shape), segments
