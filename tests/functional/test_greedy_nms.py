"""Greedy NMS, against a loop over boxes and against mmcv's compiled op."""

from epsnet_mm.functional import graph_greedy_nms, greedy_nms
from tests.requirements import needs_ops

import pytest
import torch
from mmcv.ops import batched_nms


def slow_iou(a, b):
    width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    union = sum((x[2] - x[0]) * (x[3] - x[1]) for x in (a, b)) - width * height
    return width * height / union


def slow_greedy_nms(boxes, scores, labels, iou_threshold):
    """Indices of the boxes that survive."""
    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        rivals = [j for j in kept if labels[j] == labels[i]]
        if all(slow_iou(boxes[i], boxes[j]) <= iou_threshold for j in rivals):
            kept.append(i)
    return sorted(kept)


def random_boxes(count, classes, generator, grid=1.0, levels=None):
    """Boxes in clusters; corners on a grid and few levels of scores give ties."""
    centers = torch.randint(0, 100, (count // 8 + 1, 2), generator=generator)
    owner = torch.randint(0, len(centers), (count,), generator=generator)
    corners = centers[owner] + 3 * torch.randn(count, 2, generator=generator)
    sides = 5 + 20 * torch.rand(count, 2, generator=generator)
    boxes = torch.cat([corners, corners + sides], dim=1)
    scores = torch.rand(count, generator=generator)
    if levels:
        boxes, scores = (boxes / grid).round() * grid, (scores * levels).round()
    return boxes, scores, torch.randint(0, classes, (count,), generator=generator)


def mmcv_nms(boxes, scores, labels, iou_threshold):
    cfg = dict(type='nms', iou_threshold=iou_threshold)
    kept = torch.zeros(len(boxes), dtype=torch.bool)
    kept[batched_nms(boxes, scores, labels, cfg)[1]] = True
    return kept


def test_a_suppressed_box_suppresses_nothing():
    # Neighbors overlap by 7 / 13, the outer two only by 4 / 16: unlike in Fast NMS,
    # the last box stays.
    boxes = torch.tensor(
        [[0.0, 0.0, 10.0, 1.0], [3.0, 0.0, 13.0, 1.0], [6.0, 0.0, 16.0, 1.0]]
    )
    scores = torch.tensor([0.7, 0.8, 0.9])

    kept = greedy_nms(boxes, scores, torch.zeros(3), 0.5)

    assert kept.tolist() == [True, False, True]


@pytest.mark.parametrize('count', [1, 2, 3, 20, 90])
@pytest.mark.parametrize('block_size', [7, 90])
def test_a_long_chain(count, block_size):
    """Each box overlaps only its neighbors, so every second one stays."""
    left = 3.0 * torch.arange(count)
    boxes = torch.stack([left, left * 0, left + 10, left * 0 + 1], dim=1)

    kept = greedy_nms(boxes, -torch.arange(count), torch.zeros(count), 0.5, block_size)

    assert kept.nonzero().flatten().tolist() == list(range(0, count, 2))


def test_classes_do_not_suppress_each_other():
    boxes = torch.tensor([[0.0, 0.0, 4.0, 4.0]] * 4)

    kept = greedy_nms(
        boxes, torch.tensor([0.6, 0.7, 0.8, 0.9]), torch.tensor([1, 0, 1, 0]), 0.5
    )

    assert kept.tolist() == [False, False, True, True]


def test_an_iou_at_the_threshold_is_kept():
    boxes = torch.tensor([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 1.0]])
    scores = torch.tensor([0.9, 0.8])

    for threshold, expected in ((0.5, True), (0.4999, False)):
        kept = greedy_nms(boxes, scores, torch.zeros(2), threshold)
        assert kept.tolist() == [True, expected]


def test_boxes_without_area_overlap_nothing():
    point, swapped_corners = [5.0, 5.0, 5.0, 5.0], [6.0, 1.0, 3.0, 9.0]
    boxes = torch.tensor([point, point, swapped_corners, swapped_corners])

    kept = greedy_nms(boxes, torch.arange(4.0), torch.zeros(4), 0.5)

    assert kept.tolist() == [True] * 4


def test_no_boxes():
    empty = torch.zeros(0)

    assert greedy_nms(torch.zeros(0, 4), empty, empty, 0.5).shape == (0,)


@pytest.mark.parametrize('block_size', [1, 5, 128])
@pytest.mark.parametrize('iou_threshold', [0.0, 0.2, 0.5, 0.7])
def test_against_a_loop(iou_threshold, block_size):
    generator = torch.Generator().manual_seed(0)
    boxes, scores, labels = random_boxes(60, 3, generator)
    # Without negative coordinates classes are apart.
    boxes = boxes - boxes.min()

    kept = greedy_nms(boxes, scores, labels, iou_threshold, block_size)

    assert kept.nonzero().flatten().tolist() == slow_greedy_nms(
        boxes.double().tolist(), scores.tolist(), labels.tolist(), iou_threshold
    )


@needs_ops
@pytest.mark.parametrize('levels', [None, 8], ids=['distinct', 'ties'])
def test_against_mmcv_on_random_sets(levels):
    """500 sets with distinct scores, and 500 with equal scores, boxes and IoUs."""
    generator = torch.Generator().manual_seed(0)
    suppressed = 0
    for number in range(500):
        count = 1 + number % 300
        grid = (1.0, 4.0)[number % 2]
        boxes = random_boxes(count, (1, 3, 80)[number % 3], generator, grid, levels)
        threshold = (0.3, 0.5, 0.6, 0.7)[number % 4]
        expected = mmcv_nms(*boxes, threshold)
        for block_size in (32, 1000):
            assert greedy_nms(*boxes, threshold, block_size).equal(expected)
        suppressed += int((~expected).sum())

    assert suppressed > 5_000


@needs_ops
def test_against_mmcv_where_classes_meet():
    """With negative coordinates a class can reach into the place of another."""
    # The largest coordinate is 20, so the second box moves by 21, onto the first.
    boxes = torch.tensor([[0.0, 0.0, 20.0, 9.0], [-21.0, -21.0, -1.0, -12.0]])
    scores, labels = torch.tensor([0.9, 0.8]), torch.tensor([0, 1])

    kept = greedy_nms(boxes, scores, labels, 0.99)

    assert kept.tolist() == [True, False]
    assert kept.equal(mmcv_nms(boxes, scores, labels, 0.99))


@needs_ops
def test_against_mmcv_with_infinite_coordinates():
    generator = torch.Generator().manual_seed(0)
    boxes, scores, labels = random_boxes(40, 2, generator)
    boxes[3, 2] = boxes[7, 3] = float('inf')

    kept = greedy_nms(boxes, scores, labels, 0.5)

    assert kept.equal(mmcv_nms(boxes, scores, labels, 0.5))


def test_the_nms_of_graphs_keeps_the_same():
    class NMS(torch.nn.Module):
        def forward(self, boxes, scores, labels):
            return graph_greedy_nms(boxes, scores, labels, 0.4)

    generator = torch.Generator().manual_seed(0)
    scenes = [random_boxes(60, 3, generator) for _ in range(5)]
    graph = torch.export.export(NMS(), scenes[0], strict=False).module()

    for scene in scenes:
        kept = graph(*scene)

        assert kept.equal(greedy_nms(*scene, 0.4))
        assert 0 < kept.sum() < 60
