"""Boundary IoU of segments (Cheng et al. 2021, "Boundary IoU", section 5).

Boundary PQ is PQ with the smaller one of IoU and boundary IoU in place of IoU.
Boundary IoU looks only at the pixels of a segment near to its own border. So it shows
errors of shape that a large area hides.
"""

import math

import cv2
import numpy as np

from ...evaluation.pq_counting import count_listed_intersections
from ...structures.segment_ids import index_segments
from .result_files import ImagePair

#: Width of the border, of the image's diagonal.
DILATION_RATIO = 0.02


def border_width(height: int, width: int, ratio: float = DILATION_RATIO) -> int:
    """Width in pixels of the border of all segments of an image; 1 at least."""
    return max(round(ratio * math.hypot(height, width)), 1)


def boundary_ious(pair: ImagePair, ratio: float = DILATION_RATIO) -> np.ndarray:
    """Boundary IoU of all pairs of segments.

    Pixels of void don't count in the union, as in PQ.

    Args:
        pair: An image with G and P segments.
        ratio: Width of the border, of the image's diagonal.

    Returns:
        (G, P) in [0, 1].

    Raises:
        ValueError: As `index_segments`.
    """
    width = border_width(*pair.gt_ids.shape, ratio)
    sides = [
        keep_borders(index_segments(ids, [x['id'] for x in segments], path), width)
        for ids, segments, path in (
            (pair.gt_ids, pair.gt_segments, pair.paths[0]),
            (pair.pred_ids, pair.pred_segments, pair.paths[1]),
        )
    ]
    # The insides are one more segment, the last one.
    numbers = [
        range(1, len(segments) + 2)
        for segments in (pair.gt_segments, pair.pred_segments)
    ]
    for side, listed in zip(sides, numbers, strict=True):
        side[side < 0] = listed[-1]
    table = count_listed_intersections(
        sides[0], numbers[0], sides[1], numbers[1], pair.paths
    )
    common = table[1:-1, 1:-1]
    gt_areas = table[1:-1].sum(axis=1)[:, None]
    pred_areas = table[1:, 1:-1].sum(axis=0)  # without void
    return common / np.maximum(gt_areas + pred_areas - common, 1)


def keep_borders(numbers: np.ndarray, width: int) -> np.ndarray:
    """Cut the insides out of segments.

    Args:
        numbers: (H, W) segments from 1 to 65535, 0 is void.
        width: A pixel is at the border if one of another segment, void or the end of
            the image is less than `width + 1` pixels away, in both directions.

    Returns:
        (H, W) int64 numbers, and -1 inside. Void stays 0.
    """
    values = np.pad(numbers, 1).astype(np.uint16)
    window = np.ones((2 * width + 1,) * 2, np.uint8)
    same = (cv2.erode(values, window) == cv2.dilate(values, window))[1:-1, 1:-1]
    return np.where(same & (numbers > 0), -1, numbers.astype(np.int64))
