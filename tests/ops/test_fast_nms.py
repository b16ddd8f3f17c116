"""Fast NMS, against loops over pairs of boxes."""
import pytest
import torch

from epsnet_mm.ops import fast_nms
from epsnet_mm.ops.fast_nms import pairwise_iou


def slow_iou(a, b):
    width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    areas = [(x[2] - x[0]) * (x[3] - x[1]) for x in (a, b)]
    return width * height / (sum(areas) - width * height)


def slow_fast_nms(boxes, scores, iou_threshold, top_k, max_num):
    """(score, row, label) of what survives, best first."""
    survivors = []
    for label in range(len(scores[0])):
        ranking = sorted(range(len(boxes)), key=lambda row: -scores[row][label])
        ranking = ranking[:top_k]
        for rank, row in enumerate(ranking):
            better = ranking[:rank]
            if all(slow_iou(boxes[row], boxes[x]) <= iou_threshold for x in better):
                survivors.append((scores[row][label], row, label))
    return sorted(survivors, reverse=True)[:max_num]


def test_pairwise_iou_by_hand():
    boxes = torch.tensor([[0., 0., 2., 2.], [1., 1., 3., 3.], [5., 5., 5., 9.]])

    iou = pairwise_iou(boxes)

    # One shared pixel of 4 + 4 - 1; the last box has no area.
    torch.testing.assert_close(
        iou, torch.tensor([[1, 1 / 7, 0], [1 / 7, 1, 0], [0, 0, 0]]))


def test_a_suppressed_box_still_suppresses():
    # Neighbours overlap by 7 / 13, the outer two only by 4 / 16: greedy NMS
    # would keep the last box.
    boxes = torch.tensor([[0., 0., 10., 1.], [3., 0., 13., 1.], [6., 0., 16., 1.]])
    scores = torch.tensor([[0.9], [0.8], [0.7]])

    rows, labels, found = fast_nms(boxes, scores, 0.5, top_k=3, max_num=3)

    assert found.tolist() == [pytest.approx(0.9), 0, 0]
    assert rows[0] == 0 and labels[0] == 0


def test_classes_do_not_suppress_each_other():
    boxes = torch.tensor([[0., 0., 4., 4.], [0., 0., 4., 4.]])
    scores = torch.tensor([[0.9, 0.1], [0.3, 0.8]])

    rows, labels, found = fast_nms(boxes, scores, 0.5, top_k=2, max_num=2)

    assert rows.tolist() == [0, 1]
    assert labels.tolist() == [0, 1]
    assert found.tolist() == [pytest.approx(0.9), pytest.approx(0.8)]


@pytest.mark.parametrize('top_k, max_num', [(200, 100), (5, 100), (200, 7)])
@pytest.mark.parametrize('iou_threshold', [0.2, 0.5])
def test_against_loops(top_k, max_num, iou_threshold):
    generator = torch.Generator().manual_seed(0)
    boxes = torch.rand(25, 4, generator=generator) * 20
    boxes[:, 2:] += boxes[:, :2]
    scores = torch.rand(25, 3, generator=generator)

    rows, labels, found = fast_nms(boxes, scores, iou_threshold, top_k, max_num)

    expected = slow_fast_nms(
        boxes.tolist(), scores.tolist(), iou_threshold, top_k, max_num)
    alive = found > 0
    assert alive.sum() == len(expected)
    triples = zip(found[alive].tolist(), rows[alive].tolist(), labels[alive].tolist())
    assert list(triples) == expected


def test_no_boxes():
    rows, labels, found = fast_nms(torch.zeros(0, 4), torch.zeros(0, 3), 0.5, 200, 100)

    assert len(rows) == len(labels) == len(found) == 0
