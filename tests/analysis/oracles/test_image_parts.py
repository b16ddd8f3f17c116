"""Objects of detections, and IoU of masks, by hand."""

from epsnet_mm.analysis.oracles.image_parts import (
    NO_OBJECT,
    assign_objects,
    mask_ious,
    true_masks,
)
from tests.analysis.oracles.scenes import parts_of, truth_of

import torch

TRUTH = truth_of('aaaabbbb..', dict(a=0, b=1))


def test_the_own_class_comes_first():
    boxes = torch.tensor([[0.0, 0, 6, 1], [0, 0, 3, 1], [2, 0, 6, 1], [3, 0, 8, 1]])
    labels = torch.tensor([0, 1, 0, 0])
    # The second one is on an object of another class. The third overlaps both by a
    # third. The last has the wrong class, too.
    assert assign_objects(boxes, labels, TRUTH).tolist() == [0, 0, NO_OBJECT, 1]
    # Here the same class wins against a larger IoU: 4 / 8 against 4 / 8 + 0 pixels.
    both = torch.tensor([[0.0, 0, 8, 1]])
    assert assign_objects(both, torch.tensor([1]), TRUTH).tolist() == [1]
    assert assign_objects(both, torch.tensor([0]), TRUTH).tolist() == [0]


def test_nothing_there():
    nothing = truth_of('..........', {})
    boxes, labels = torch.tensor([[0.0, 0, 6, 1]]), torch.tensor([0])
    assert assign_objects(boxes, labels, nothing).tolist() == [NO_OBJECT]
    assert assign_objects(boxes[:0], labels[:0], TRUTH).shape == (0,)


def test_a_box_without_area_has_no_object():
    empty = torch.tensor([[3.0, 0, 3, 0]])
    assert assign_objects(empty, torch.tensor([0]), TRUTH).tolist() == [NO_OBJECT]


def test_mask_ious():
    parts = parts_of([('xxx.......', 0), ('...xxx....', 1), ('..........', 0)], TRUTH)
    expected = [[3 / 4, 0], [1 / 6, 2 / 5], [0, 0]]
    assert torch.allclose(mask_ious(parts.masks, TRUTH), torch.tensor(expected))


def test_true_masks_are_windows():
    masks = true_masks(TRUTH, torch.tensor([1]))
    assert masks.windows == [(4, 0, 8, 1)]
    assert masks.to_dense().equal(TRUTH.masks[1:])
