"""Matching, against the released rule in loops."""

from epsnet_mm.models.task_modules import BestAnchorAssigner
from epsnet_mm.models.task_modules.best_anchor_assigner import own_anchors

import pytest
import torch
from mmengine.structures import InstanceData


def area(box):
    return max(box[2] - box[0], 0) * max(box[3] - box[1], 0)


def shared_area(a, b):
    return area([max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])])


def slow_assign(anchors, objects, crowds):
    """The rule of the release: object + 1, 0 = background, -1 = ignored."""
    iou = [
        [shared_area(o, a) / (area(o) + area(a) - shared_area(o, a)) for a in anchors]
        for o in objects
    ]
    result = []
    for column in zip(*iou, strict=True) if objects else [()] * len(anchors):
        best = max(column, default=0)
        if best >= 0.5:
            result.append(column.index(best) + 1)
        else:
            result.append(0 if best < 0.4 else -1)
    free_objects, free_anchors = set(range(len(objects))), set(range(len(anchors)))
    while free_objects:
        _, o, a = max((iou[o][a], o, a) for o in free_objects for a in free_anchors)
        result[a] = o + 1
        free_objects.remove(o)
        free_anchors.remove(a)
    for a, anchor in enumerate(anchors):
        in_crowd = any(shared_area(anchor, c) > 0.7 * area(anchor) for c in crowds)
        if in_crowd and result[a] <= 0:
            result[a] = -1
    return result


def instances(boxes):
    boxes = torch.tensor(boxes, dtype=torch.float32).view(-1, 4)
    return InstanceData(bboxes=boxes, labels=10 + torch.arange(len(boxes)))


def assign(anchors, objects, crowds=None):
    priors = InstanceData(priors=torch.tensor(anchors))
    crowds = None if crowds is None else instances(crowds)
    return BestAnchorAssigner().assign(priors, instances(objects), crowds)


def columns(*edges):
    """Anchors of height 10 between pairs of x."""
    return [[float(x1), 0.0, float(x2), 10.0] for x1, x2 in edges]


def test_thresholds():
    # IoU with the object 0..10: 1, 0.5, 0.45, 0.35.
    anchors = columns((0, 10), (0, 5), (0, 4.5), (0, 3.5))

    result = assign(anchors, columns((0, 10)))

    assert result.gt_inds.tolist() == [1, 1, -1, 0]
    assert result.labels.tolist() == [10, 10, -1, -1]


def test_a_poor_best_anchor_is_positive():
    # IoU 0.2 would be background, but it is the object's best anchor.
    result = assign(columns((0, 10), (20, 30)), columns((0, 2)))

    assert result.gt_inds.tolist() == [1, 0]


def test_two_objects_share_their_best_anchor():
    # The first anchor is the best of both (IoU 0.9 and 0.8): the better pair takes it,
    # the other object gets its next best, although that is far away.
    anchors = columns((0, 10), (7, 37), (50, 60))

    result = assign(anchors, columns((0, 9), (0, 8)))

    assert result.gt_inds.tolist() == [1, 2, 0]


def test_own_anchor_goes_before_a_better_object():
    # The anchor 0..10 fits the second object better (0.9 against 0.6), but that
    # one has an even better anchor of its own.
    anchors = columns((0, 10), (0, 9))

    result = assign(anchors, columns((0, 6), (0, 9)))

    assert result.gt_inds.tolist() == [1, 2]


def test_a_crowd_ignores_all_but_positives():
    # In the crowd 0..20: a positive, a background anchor, one of which exactly
    # 0.7 is inside, one of which 0.8 is.
    anchors = columns((0, 10), (10, 20), (13, 23), (12, 22), (40, 50))

    result = assign(anchors, columns((0, 10)), columns((0, 20)))

    assert result.gt_inds.tolist() == [1, -1, 0, -1, 0]


def test_each_crowd_counts_for_itself():
    # Half of the anchor is in each of two crowds, but never 0.7 of it in one.
    result = assign(columns((0, 10)), [], columns((-10, 5), (5, 20)))

    assert result.gt_inds.tolist() == [0]


def test_no_objects():
    result = assign(columns((0, 10), (10, 20)), [])

    assert result.gt_inds.tolist() == [0, 0]
    assert result.labels.tolist() == [-1, -1]


def test_only_crowds():
    result = assign(columns((0, 10), (30, 40)), [], columns((0, 20)))

    assert result.gt_inds.tolist() == [-1, 0]


def random_boxes(count, generator):
    boxes = torch.rand(count, 4, generator=generator) * 30
    boxes[:, 2:] += boxes[:, :2] + 2
    return boxes.tolist()


@pytest.mark.parametrize('seed', range(6))
def test_against_loops(seed):
    generator = torch.Generator().manual_seed(seed)
    anchors = random_boxes(60, generator)
    objects, crowds = random_boxes(6, generator), random_boxes(2, generator)
    x1, y1, x2, y2 = objects[0]
    objects[3] = [x1, y1, x2 - 0.5, y2]  # likely to share the best anchor

    result = assign(anchors, objects, crowds)

    expected = slow_assign(anchors, objects, crowds)
    assert result.gt_inds.tolist() == expected
    assert result.labels.tolist() == [9 + x if x > 0 else -1 for x in expected]


def test_own_anchors_by_hand():
    iou = torch.tensor([[0.6, 0.5, 0.0], [0.9, 0.8, 0.1], [0.7, 0.2, 0.3]])

    # Row 1 takes column 0; then row 0 takes column 1 and row 2 the rest.
    assert own_anchors(iou).tolist() == [1, 0, 2]


def one_by_one(iou):
    """The best of the remaining pairs, G times; the first of equal ones."""
    iou, owners = iou.clone(), torch.zeros(len(iou), dtype=torch.long)
    for _ in range(len(iou)):
        best = iou.max()
        owner, anchor = (iou == best).nonzero()[0].tolist()
        owners[owner] = anchor
        iou[:, anchor] = -1
        iou[owner] = -2
    return owners


@pytest.mark.parametrize('levels', [2, 4, 1000])
@pytest.mark.parametrize('shape', [(1, 1), (5, 5), (7, 20), (30, 40)])
def test_own_anchors_against_a_loop(levels, shape):
    # Few levels make many equal pairs.
    for _ in range(20):
        iou = torch.randint(levels, shape) / levels
        assert own_anchors(iou).equal(one_by_one(iou))


def test_own_anchors_of_equal_objects():
    iou = torch.tensor([[0.1, 0.9, 0.5, 0.9]]).repeat(4, 1)

    assert own_anchors(iou).tolist() == [1, 3, 2, 0]


def test_own_anchors_leaves_its_argument_alone():
    iou = torch.tensor([[0.6, 0.5], [0.9, 0.8]])
    own_anchors(iou)

    assert iou.equal(torch.tensor([[0.6, 0.5], [0.9, 0.8]]))
