"""The panoptic id map of a data sample.

Ids are MMDetection's: class label + instance number * INSTANCE_OFFSET. Stuff and
crowds have number 0; the id of void is the number of classes.
"""

from collections.abc import Sequence

from epsnet_runtime.coco.segment_runs import find_runs

import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.structures import DetDataSample


def ground_truth_map(data_sample: DetDataSample, num_classes: int) -> np.ndarray:
    """Combine the semantic map and the instance masks into one id map.

    Args:
        data_sample: With `gt_sem_seg.sem_seg` (1, H, W), where other values than
            class labels are unlabelled, and `gt_instances` with `labels` (D,) and
            bitmap `masks` (D, H, W).
        num_classes: T + S; also the id of void.

    Returns:
        (H, W) int64 ids; D objects are numbered from 1 in their order.
    """
    ids = data_sample.gt_sem_seg.sem_seg[0].numpy().astype(np.int64)
    ids[(ids < 0) | (ids >= num_classes)] = num_classes
    instances = data_sample.get('gt_instances', {})
    if 'masks' not in instances:
        return ids
    masks = instances.masks.to_ndarray().astype(bool)
    for number, (label, mask) in enumerate(
        zip(instances.labels, masks, strict=True), 1
    ):
        ids[mask] = int(label) + number * INSTANCE_OFFSET
    return ids


def prediction_map(data_sample: DetDataSample) -> np.ndarray:
    """The predicted (H, W) int64 ids of `pred_panoptic_seg`.

    Raises:
        ValueError: If the model predicted no panoptic map.
    """
    if 'pred_panoptic_seg' not in data_sample:
        raise ValueError(
            'The data sample has no pred_panoptic_seg: the model is not '
            'panoptic; set visualizer.type to DetLocalVisualizer for it.'
        )
    sem_seg = data_sample.pred_panoptic_seg.sem_seg
    return np.asarray(sem_seg[0]).astype(np.int64)


def thing_scores(data_sample: DetDataSample) -> dict[int, float]:
    """Score of each predicted thing segment, see `detection_scores`.

    Args:
        data_sample: With `pred_panoptic_seg` and, for scores,
            `pred_instances`: `labels` (D,), `scores` (D,) in [0, 1].
    """
    if 'pred_instances' not in data_sample:
        return {}
    detections = data_sample.pred_instances
    ids = prediction_map(data_sample)
    return detection_scores(ids, detections.labels, detections.scores)


def detection_scores(
    ids: np.ndarray, labels: Sequence[int], scores: Sequence[float]
) -> dict[int, float]:
    """Score of each thing segment of a map, from the detections behind it.

    In EPSNet's map the k-th detection has instance number k. MMDetection's fusion
    heads number differently. A map that contradicts its detections gets no scores,
    which is better than wrong ones.

    Args:
        ids: (H, W) panoptic ids.
        labels: (D,) thing classes of the detections.
        scores: (D,) in [0, 1].

    Returns:
        Score of each thing id; empty if they cannot be told.
    """
    ids = np.unique(ids.ravel()[find_runs(ids)[0]])
    found = {}
    for segment in ids[ids >= INSTANCE_OFFSET].tolist():
        number, label = divmod(segment, INSTANCE_OFFSET)
        known = number <= min(len(labels), len(scores))
        if not known or int(labels[number - 1]) != label:
            return {}
        found[segment] = float(scores[number - 1])
    return found
