"""Numbers the segments of a panoptic map of MMDetection from 1."""

from collections.abc import Mapping, Sequence

from epsnet_runtime.coco.segment_runs import find_runs, measure_segments
from epsnet_runtime.segment import Segment

import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET


def number_segments(
    id_map: np.ndarray,
    categories: Sequence[dict],
    scores: Mapping[int, float] | None = None,
) -> tuple[np.ndarray, list[dict]]:
    """Number the segments of a map, and describe them for COCO's files.

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
    numbers, values = _number(id_map, len(categories))
    segments = []
    for number, value in enumerate(values, 1):
        category = categories[value % INSTANCE_OFFSET]
        segment = dict(
            id=number,
            category_id=category['id'],
            isthing=category['isthing'],
            iscrowd=0,
        )
        if value in scores:
            segment['score'] = round(scores[value], 5)
        segments.append(segment)
    return numbers, segments


def result_segments(
    id_map: np.ndarray,
    classes: Sequence[str],
    thing_classes: Sequence[str],
    scores: Mapping[int, float] | None = None,
) -> tuple[np.ndarray, list[Segment]]:
    """Number the segments of a map, and describe them for a `PanopticResult`.

    Args:
        id_map: As `number_segments` takes.
        classes: Names of the classes, in label order.
        thing_classes: Names of the things.
        scores: As `number_segments` takes.

    Returns:
        (H, W) int32 segment numbers, 0 for void, and the segments 1, 2, ...
    """
    scores = scores or {}
    numbers, values = _number(id_map, len(classes))
    measures = measure_segments(numbers)
    segments = []
    for number, value in enumerate(values, 1):
        label = value % INSTANCE_OFFSET
        area, (left, top, width, height) = measures[number]
        segments.append(
            Segment(
                number,
                label,
                classes[label],
                classes[label] in thing_classes,
                scores.get(value),
                area,
                (left, top, left + width, top + height),
            )
        )
    return numbers.astype(np.int32), segments


def _number(id_map: np.ndarray, num_classes: int) -> tuple[np.ndarray, list[int]]:
    """(H, W) segment numbers, and the id of each number, from 1 on."""
    starts, lengths = find_runs(id_map)
    values, index = np.unique(id_map.ravel()[starts], return_inverse=True)
    solid = values % INSTANCE_OFFSET < num_classes
    numbers = np.where(solid, np.cumsum(solid), 0)
    return np.repeat(numbers[index], lengths).reshape(id_map.shape), values[
        solid
    ].tolist()
