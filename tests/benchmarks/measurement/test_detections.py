"""Synthetic detections, and how they replace real ones."""

from benchmarks.measurement.detections import replace_detections, synthetic_detections

import pytest
import torch
from mmengine.structures import InstanceData


def test_boxes_lie_in_the_image():
    found = synthetic_detections(500)

    size = found.boxes[:, 2:] - found.boxes[:, :2]
    assert found.boxes.min() >= 0
    assert found.boxes.max() <= 1
    assert size.min() > 0.0299
    assert size.max() < 0.6001
    # (0.6 - 0.03) / ln(0.6 / 0.03) = 0.19 a side.
    assert size.prod(dim=1).mean() == pytest.approx(0.19**2, rel=0.15)


def test_labels_are_among_the_classes():
    assert set(synthetic_detections(50, num_classes=4).labels.tolist()) == {0, 1, 2, 3}


def test_scores_descend():
    scores = synthetic_detections(10).scores

    assert scores.equal(scores.sort(descending=True).values)


def test_all_detectors_get_the_same():
    assert synthetic_detections(5).boxes.equal(synthetic_detections(5).boxes)


def test_detections_are_replaced():
    coeffs = torch.tensor([[1.0], [2.0]])

    def predict(images):
        return [
            InstanceData(
                bboxes=torch.zeros(2, 4),
                relative_boxes=torch.zeros(2, 4),
                labels=torch.zeros(2),
                scores=torch.zeros(2),
                coeffs=coeffs,
            )
        ] * images

    wanted = synthetic_detections(3)
    found = replace_detections(predict, wanted, image_size=(100, 200))(2)

    assert len(found) == 2
    for image in found:
        assert image.labels.equal(wanted.labels)
        assert image.scores.equal(wanted.scores)
        assert image.relative_boxes.equal(wanted.boxes)
        torch.testing.assert_close(
            image.bboxes, wanted.boxes * torch.tensor([200, 100, 200, 100])
        )
        # The detector's own, repeated.
        assert image.coeffs.tolist() == [[1], [2], [1]]


def test_detections_without_coefficients():
    def predict():
        return [InstanceData(bboxes=torch.zeros(0, 4))]

    (found,) = replace_detections(predict, synthetic_detections(3), (10, 10))()

    assert len(found) == 3
    assert 'coeffs' not in found
