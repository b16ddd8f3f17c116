"""Candidates and boxes by hand."""

from epsnet_mm.functional import (
    best_candidates,
    flatten_levels,
    image_boxes,
    thing_probs,
)

import torch


def test_anchors_are_ordered_by_level_row_column_and_anchor():
    # Two anchors of one value at each position; values tell level, row and column.
    fine = torch.tensor([[[[0.0, 1], [10, 11]], [[0.5, 1.5], [10.5, 11.5]]]])
    coarse = torch.tensor([[[[100.0]], [[100.5]]]])

    found = flatten_levels([fine, coarse], channels=1)

    assert found.shape == (1, 10, 1)
    assert found.flatten().tolist() == [
        *(0.0, 0.5, 1, 1.5),
        *(10, 10.5, 11, 11.5),
        *(100, 100.5),
    ]


def test_an_anchor_may_be_a_candidate_of_two_classes():
    probs = torch.tensor([[0.1, 0.2], [0.6, 0.5], [0.3, 0.0]])

    scores, labels, anchors = best_candidates(probs, count=2)

    torch.testing.assert_close(scores, torch.tensor([0.6, 0.5]))
    assert labels.tolist() == [0, 1]
    assert anchors.tolist() == [1, 1]


def test_boxes_are_scaled_to_the_image_and_clipped():
    boxes = torch.tensor([[-5.0, 10, 50, 30]])
    meta = dict(img_shape=(20, 40), ori_shape=(40, 400))

    assert image_boxes(boxes, meta).tolist() == [[0, 20, 400, 40]]
    assert image_boxes(boxes, meta, rescale=False).tolist() == [[0, 10, 40, 20]]


def test_probabilities_of_things():
    logits = torch.tensor([[0.0, 0, 0], [1, 0, -50]])

    probs = thing_probs(logits)

    assert probs.shape == (2, 2)
    torch.testing.assert_close(probs[0], torch.full((2,), 1 / 3))
    torch.testing.assert_close(probs[1].sum(), torch.tensor(1.0))


def test_without_things_a_class_is_never_found():
    assert thing_probs(torch.ones(2, 5, 1)).tolist() == torch.zeros(2, 5, 1).tolist()
