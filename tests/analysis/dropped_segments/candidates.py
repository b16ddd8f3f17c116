"""Candidates by hand."""

from epsnet_mm.analysis.dropped_segments.image_candidates import (
    Detections,
    ImageCandidates,
)

import numpy as np


def detections(*rows: tuple[int, float, list[float]]) -> Detections:
    """Rows of label, score, and IoU with each segment."""
    labels, scores, ious = zip(*rows, strict=True) if rows else ((), (), ())
    return Detections(
        np.array(labels, int), np.array(scores, float), np.array(ious).reshape(-1, 2)
    )


def candidates(**changes: object) -> ImageCandidates:
    """Nothing is found but for what is given; two segments, one stuff class."""
    parts = dict(
        score_thr=0.3,
        kept=detections(),
        claimed=np.zeros(0, bool),
        free_ious=np.zeros((0, 2)),
        suppressed=detections(),
        all=detections(),
        stuff=np.zeros((1, 2)),
        bare_stuff=np.zeros((1, 2)),
    )
    return ImageCandidates(**{**parts, **changes})
