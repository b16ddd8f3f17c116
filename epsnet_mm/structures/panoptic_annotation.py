"""The annotation of one image in COCO's panoptic format: its table of segments."""

from collections.abc import Mapping, Sequence

import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET

from .segment_runs import find_runs, measure_segments


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


def panoptic_annotation(
    image_id: int, file_name: str, ids: np.ndarray, segments: Sequence[dict]
) -> dict:
    """Make the entry of an image in the list `annotations`.

    Args:
        image_id: Id of the image.
        file_name: The PNG of the segment ids.
        ids: (H, W) segment ids, 0 is unlabelled.
        segments: `id`, `category_id` and any other keys of each segment.
            Those without a pixel are left out.

    Returns:
        `image_id`, `file_name` and `segments_info`: the segments with their `area`
        in pixels and `bbox` [x, y, width, height].

    Raises:
        ValueError: If `ids` has one that `segments` lacks.
    """
    measured = measure_segments(ids)
    unknown = measured.keys() - {segment['id'] for segment in segments}
    if unknown:
        raise ValueError(
            f'The labels of {file_name} have the segment id {min(unknown)}, which is '
            'not described: add it to the segments, or set the pixels to 0.'
        )
    segments_info = []
    for segment in segments:
        if segment['id'] in measured:
            area, bbox = measured[segment['id']]
            segments_info.append(dict(segment, area=area, bbox=bbox))
    return dict(image_id=image_id, file_name=file_name, segments_info=segments_info)
