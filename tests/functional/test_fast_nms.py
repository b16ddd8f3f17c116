"""Fast NMS, against loops over pairs of boxes."""

from epsnet_mm.functional import fast_nms

import pytest
import torch


def slow_iou(a, b):
    width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    areas = [(x[2] - x[0]) * (x[3] - x[1]) for x in (a, b)]
    return width * height / (sum(areas) - width * height)


def slow_fast_nms(boxes, labels, iou_threshold, top_k):
    """Which boxes survive; they come best first."""
    kept = []
    for j, label in enumerate(labels):
        rivals = [i for i in range(j) if labels[i] == label]
        kept.append(
            len(rivals) < top_k
            and all(slow_iou(boxes[i], boxes[j]) <= iou_threshold for i in rivals)
        )
    return kept


def test_a_suppressed_box_still_suppresses():
    # Neighbors overlap by 7 / 13, the outer two only by 4 / 16: greedy NMS
    # would keep the last box.
    boxes = torch.tensor(
        [[0.0, 0.0, 10.0, 1.0], [3.0, 0.0, 13.0, 1.0], [6.0, 0.0, 16.0, 1.0]]
    )

    kept = fast_nms(boxes, torch.zeros(3), 0.5, top_k=3)

    assert kept.tolist() == [True, False, False]


def test_classes_do_not_suppress_each_other():
    boxes = torch.tensor([[0.0, 0.0, 4.0, 4.0]] * 4)

    kept = fast_nms(boxes, torch.tensor([1, 0, 1, 0]), 0.5, top_k=4)

    assert kept.tolist() == [True, True, False, False]


def test_only_the_best_of_a_class_take_part():
    boxes = torch.tensor([[x, 0.0, x + 1, 1.0] for x in (0.0, 2.0, 4.0, 6.0)])

    kept = fast_nms(boxes, torch.tensor([0, 0, 1, 0]), 0.5, top_k=2)

    assert kept.tolist() == [True, True, True, False]


@pytest.mark.parametrize('top_k', [200, 5])
@pytest.mark.parametrize('iou_threshold', [0.2, 0.5])
def test_against_loops(top_k, iou_threshold):
    generator = torch.Generator().manual_seed(0)
    boxes = torch.rand(40, 4, generator=generator) * 20
    boxes[:, 2:] += boxes[:, :2]
    labels = torch.randint(0, 3, (40,), generator=generator)

    kept = fast_nms(boxes, labels, iou_threshold, top_k)

    assert kept.tolist() == slow_fast_nms(
        boxes.tolist(), labels.tolist(), iou_threshold, top_k
    )


def test_no_boxes():
    kept = fast_nms(torch.zeros(0, 4), torch.zeros(0), 0.5, 200)

    assert kept.shape == (0,)
