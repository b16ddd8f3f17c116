"""Id maps from data samples of a few pixels."""

from epsnet_mm.structures.panoptic_map import (
    ground_truth_map,
    prediction_map,
    thing_scores,
)

import numpy as np
import pytest
import torch
from mmdet.structures import DetDataSample
from mmdet.structures.mask import BitmapMasks
from mmengine.structures import InstanceData, PixelData

# Classes: 0, 1 things; 2 stuff; so 3 is void.
NUM_CLASSES = 3


def truth(sem_seg, labels, masks):
    sample = DetDataSample()
    sample.gt_sem_seg = PixelData(sem_seg=torch.tensor([sem_seg]))
    height, width = len(sem_seg), len(sem_seg[0])
    sample.gt_instances = InstanceData(
        labels=torch.tensor(labels, dtype=torch.long),
        masks=BitmapMasks(
            np.array(masks, np.uint8).reshape(-1, height, width), height, width
        ),
    )
    return sample


def prediction(ids, labels, scores):
    sample = DetDataSample()
    sample.pred_panoptic_seg = PixelData(sem_seg=torch.tensor([ids]))
    sample.pred_instances = InstanceData(
        labels=torch.tensor(labels), scores=torch.tensor(scores)
    )
    return sample


def test_ground_truth_numbers_instances_and_voids_unlabelled():
    # A crowd pixel of class 1, at the lower right, keeps instance number 0.
    sample = truth(
        [[0, 0, 1], [2, 255, 1]],
        [0, 0, 1],
        [[[1, 0, 0], [0, 0, 0]], [[0, 1, 0], [0, 0, 0]], [[0, 0, 1], [0, 0, 0]]],
    )
    assert ground_truth_map(sample, NUM_CLASSES).tolist() == [
        [1000, 2000, 3001],
        [2, 3, 1],
    ]


def test_ground_truth_without_objects():
    sample = truth([[2, 255]], [], [])
    assert ground_truth_map(sample, NUM_CLASSES).tolist() == [[2, 3]]


def test_ground_truth_does_not_change_the_sample():
    sample = truth([[2, 255]], [], [])
    ground_truth_map(sample, NUM_CLASSES)
    assert sample.gt_sem_seg.sem_seg.tolist() == [[[2, 255]]]


def test_prediction_map_drops_the_first_axis():
    assert prediction_map(prediction([[1001, 2, 3]], [1], [0.5])).tolist() == [
        [1001, 2, 3]
    ]


def test_prediction_map_of_a_model_that_is_not_panoptic():
    with pytest.raises(ValueError, match='pred_panoptic_seg'):
        prediction_map(DetDataSample())


def test_scores_follow_instance_numbers():
    # The second detection is hidden; the third is instance 3.
    sample = prediction([[1001, 3000, 2]], [1, 1, 0], [0.9, 0.8, 0.5])
    assert thing_scores(sample) == {1001: pytest.approx(0.9), 3000: pytest.approx(0.5)}


@pytest.mark.parametrize('labels', [[0], []])
def test_no_scores_if_numbers_contradict_the_detections(labels):
    assert thing_scores(prediction([[1001]], labels, [0.9] * len(labels))) == {}


def test_no_scores_without_detections():
    sample = DetDataSample()
    sample.pred_panoptic_seg = PixelData(sem_seg=torch.tensor([[[1001]]]))
    assert thing_scores(sample) == {}
