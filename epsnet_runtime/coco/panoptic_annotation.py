"""The annotation of one image in COCO's panoptic format: its table of segments."""

from collections.abc import Sequence

import numpy as np

from .segment_runs import measure_segments


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
