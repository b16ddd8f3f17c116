"""Losses of the instance head."""

import math

import pytest
import torch

from .small_instance_head import INPUT, K, T, pyramid, small_head


def flattened(levels, channels):
    """(N, A, C) with a loop over levels, rows and columns."""
    return torch.stack(
        [
            torch.stack(
                [
                    level[n, :channels, y, x]
                    for level in levels
                    for y in range(level.shape[2])
                    for x in range(level.shape[3])
                ]
            )
            for n in range(len(levels[0]))
        ]
    )


@torch.no_grad()
def test_loss_against_loops(make_sample):
    """Matching by hand: three objects lie on anchors, a crowd on a fourth."""
    # So many negatives that all but the ignored anchor count.
    head, feats = small_head(neg_pos_ratio=30), pyramid()
    samples = [
        # Anchors 0 (row 0, column 0) and 19 (coarse, row 1, column 1).
        make_sample(INPUT, [(2, 0, 0, 8, 7), (0, 16, 16, 31, 32)]),
        # Anchor 6 (row 1, column 2); the crowd ignores anchor 15.
        make_sample(INPUT, [(1, 16, 8, 24, 16)], [(0, 24, 24, 32, 32)]),
    ]
    matches = [{0: 0, 19: 1}, {6: 0}]
    ignored = [set(), {15}]

    losses, positives = head.loss(feats, samples)

    scores, boxes, coeffs = head(feats)
    scores, boxes = flattened(scores, T + 1), flattened(boxes, 4)
    coeffs = flattened(coeffs, K)
    loss_cls = loss_bbox = 0
    for n, sample in enumerate(samples):
        truth, matched = sample.gt_instances, matches[n]
        costs = -scores[n].log_softmax(-1)
        loss_cls += sum(
            costs[a, T].item()
            for a in range(20)
            if a not in matched and a not in ignored[n]
        )
        for anchor, index in matched.items():
            loss_cls += costs[anchor, truth.labels[index]].item()
            target = encoded(truth.bboxes[index].tolist(), anchor)
            for found, wanted in zip(boxes[n, anchor].tolist(), target, strict=True):
                error = abs(found - wanted)
                loss_bbox += 1.5 * (error**2 / 2 if error < 1 else error - 0.5)
        assert positives[n].gt_inds.tolist() == list(matched.values())
        torch.testing.assert_close(positives[n].coeffs, coeffs[n, list(matched)])
    assert losses['loss_cls'].item() == pytest.approx(loss_cls / 3, rel=1e-5)
    assert losses['loss_bbox'].item() == pytest.approx(loss_bbox / 3, rel=1e-5)


def encoded(box, anchor):
    """Box code of the release for an anchor number of the 20."""
    size, cells, index = (8, 4, anchor) if anchor < 16 else (16, 2, anchor - 16)
    center = [(index % cells + 0.5) * size, (index // cells + 0.5) * size]
    x1, y1, x2, y2 = box
    return [
        ((x1 + x2) / 2 - center[0]) / (0.1 * size),
        ((y1 + y2) / 2 - center[1]) / (0.1 * size),
        math.log((x2 - x1) / size) / 0.2,
        math.log((y2 - y1) / size) / 0.2,
    ]


@pytest.mark.parametrize('crowds', [[], [(0, 0, 0, 32, 32)]], ids=['none', 'crowd'])
def test_without_objects_zero_with_gradients(make_sample, crowds):
    head = small_head()

    losses, positives = head.loss(pyramid(), [make_sample(INPUT, crowds=crowds)] * 2)
    # The coefficients are trained through the mask loss.
    (sum(losses.values()) + sum(x.coeffs.sum() for x in positives)).backward()

    assert [x.item() for x in losses.values()] == [0, 0]
    assert [len(x) for x in positives] == [0, 0]
    for parameter in head.parameters():
        assert parameter.grad.eq(0).all()


def test_ground_truth_without_a_field_for_crowds(make_sample):
    sample = make_sample(INPUT, [(2, 0, 0, 8, 7)])
    with_field, _ = small_head().loss(pyramid(1), [sample])
    del sample.ignored_instances

    losses, _ = small_head().loss(pyramid(1), [sample])

    assert losses == with_field


def test_gradients_reach_every_parameter(make_sample):
    head = small_head()
    sample = make_sample(INPUT, [(2, 0, 0, 8, 7)])

    # An image without objects beside one with.
    losses, positives = head.loss(pyramid(), [sample, make_sample(INPUT)])
    (sum(losses.values()) + sum(x.coeffs.sum() for x in positives)).backward()

    for parameter in head.parameters():
        assert parameter.grad.isfinite().all()
        assert parameter.grad.any()
