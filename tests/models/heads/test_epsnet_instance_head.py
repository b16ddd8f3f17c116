"""Boxes, classes and coefficients of the instance head."""

import math

from tests.requirements import needs_ops

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import ConfigDict

T, K = 3, 4
ANCHORS = dict(
    type='ImageAnchorGenerator',
    strides=[8, 16],
    base_sizes=[8, 16],
    scales=[1.0],
    ratios=[1.0],
)
INPUT = (32, 32)  # 4 x 4 and 2 x 2 cells, one anchor each


def small_head(nms=None, neg_pos_ratio=3, **test_cfg):
    nms = nms or dict(type='fast_nms', iou_threshold=0.5, top_k=200)
    torch.manual_seed(0)
    return MODELS.build(
        dict(
            type='EPSNetInstanceHead',
            num_classes=T,
            in_channels=8,
            feat_channels=8,
            num_protos=K,
            anchor_generator=ANCHORS,
            loss_cls=dict(
                type='HardNegativeCrossEntropyLoss', neg_pos_ratio=neg_pos_ratio
            ),
            norm_cfg=dict(type='GN', num_groups=4),
            train_cfg=ConfigDict(assigner=dict(type='BestAnchorAssigner')),
            test_cfg=ConfigDict(
                **{
                    **dict(score_thr=0.3, nms_pre=50, nms=nms, max_per_img=100),
                    **test_cfg,
                }
            ),
        )
    )


def pyramid(batch=2):
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(batch, 8, x, x, generator=generator) for x in (4, 2)]


def raw_outputs(detections):
    """Level outputs that are background but for the detections.

    Args:
        detections: (level, row, column, class, logit, deltas).
    """
    levels = []
    for size in (4, 2):
        scores = torch.zeros(1, T + 1, size, size)
        scores[:, T] = 10
        levels.append(
            (scores, torch.zeros(1, 4, size, size), torch.zeros(1, K, size, size))
        )
    for level, row, column, label, logit, deltas in detections:
        scores, boxes, coeffs = levels[level]
        scores[0, T, row, column] = 0
        scores[0, label, row, column] = logit
        boxes[0, :, row, column] = torch.tensor(deltas)
        coeffs[0, :, row, column] = 10 * level + 4.0 * row + column
    return tuple(map(list, zip(*levels, strict=True)))


def meta(ori_shape=INPUT, img_shape=INPUT):
    return dict(batch_input_shape=INPUT, img_shape=img_shape, ori_shape=ori_shape)


NONE = (0.0, 0.0, 0.0, 0.0)
NMS = [
    dict(type='fast_nms', iou_threshold=0.5, top_k=200),
    pytest.param(dict(type='nms', iou_threshold=0.5), marks=needs_ops),
]


def test_outputs_of_each_anchor():
    head = small_head()

    scores, boxes, coeffs = head(pyramid())

    assert [x.shape[1:] for x in scores] == [(T + 1, 4, 4), (T + 1, 2, 2)]
    assert [x.shape[1:] for x in boxes] == [(4, 4, 4), (4, 2, 2)]
    assert [x.shape[1:] for x in coeffs] == [(K, 4, 4), (K, 2, 2)]
    assert max(x.abs().max() for x in coeffs) <= 1
    # As in the release, next to the normalisation.
    assert head.head_convs[0].conv.bias is not None


@pytest.mark.parametrize('nms', NMS, ids=lambda x: x['type'])
def test_detection_by_hand(nms):
    # The anchor of row 1, column 2 is 16..24 x 8..16. Deltas move it by
    # 0.1 * 8 * 5 = 4 px to the right and make it exp(0.2 * 5 ln 2) = 2 times
    # as high.
    deltas = (5.0, 0.0, 0.0, 5 * math.log(2))
    outputs = raw_outputs([(0, 1, 2, 1, 5.0, deltas)])

    (found,) = small_head(nms).predict_by_feat(*outputs, [meta((64, 16))])

    assert found.bboxes[0].tolist() == pytest.approx([10, 8, 14, 40], abs=1e-4)
    relative = [x / 32 for x in (20, 4, 28, 20)]
    assert found.relative_boxes[0].tolist() == pytest.approx(relative, abs=1e-5)
    assert found.labels.tolist() == [1]
    # Three other classes have a logit of 0.
    assert found.scores.tolist() == [pytest.approx(1 / (1 + 3 * math.exp(-5)))]
    assert found.coeffs.tolist() == [[6.0] * K]


@pytest.mark.parametrize('nms', NMS, ids=lambda x: x['type'])
def test_neighbours_are_suppressed_within_a_class(nms):
    # Deltas of -10 put the second and third box exactly over the first.
    left = (-10.0, 0.0, 0.0, 0.0)
    outputs = raw_outputs(
        [
            (0, 0, 0, 1, 5.0, NONE),
            (0, 0, 1, 1, 6.0, left),
            (0, 2, 0, 1, 4.0, NONE),
            (0, 2, 1, 2, 3.0, left),
        ]
    )

    (found,) = small_head(nms).predict_by_feat(*outputs, [meta()])

    assert found.labels.tolist() == [1, 1, 2]
    assert found.coeffs[:, 0].tolist() == [1, 8, 9]
    assert found.scores.diff().lt(0).all()


@pytest.mark.parametrize('nms', NMS, ids=lambda x: x['type'])
def test_best_detections_above_the_threshold(nms):
    outputs = raw_outputs(
        [(0, i, i, 0, logit, NONE) for i, logit in enumerate((2.0, 0.1, 4.0, 3.0))]
    )

    # With a logit of 0.1 the class has a probability of 0.27.
    (all_found,) = small_head(nms).predict_by_feat(*outputs, [meta()])
    (best,) = small_head(nms, max_per_img=2).predict_by_feat(*outputs, [meta()])

    assert all_found.coeffs[:, 0].tolist() == [10, 15, 0]
    assert best.coeffs[:, 0].tolist() == [10, 15]


def test_only_the_best_candidates_take_part():
    outputs = raw_outputs(
        [(0, i, i, 0, logit, NONE) for i, logit in enumerate((2.0, 1.0, 4.0, 3.0))]
    )

    (found,) = small_head(nms_pre=3).predict_by_feat(*outputs, [meta()])

    assert found.coeffs[:, 0].tolist() == [10, 15, 0]


def test_padding_of_the_input_and_clipping():
    # The image fills 24 rows and all 32 columns, and is twice as large in the
    # original: 48 x 64. The anchor of the coarse level's last cell is 16..32.
    outputs = raw_outputs([(1, 1, 1, 2, 5.0, NONE)])

    (found,) = small_head().predict_by_feat(*outputs, [meta((48, 64), (24, 32))])

    assert found.bboxes.tolist() == [[32.0, 32.0, 64.0, 48.0]]
    assert found.relative_boxes.tolist() == [[0.5, 0.5, 1.0, 1.0]]


@pytest.mark.parametrize('nms', NMS, ids=lambda x: x['type'])
def test_no_detections(nms):
    (found,) = small_head(nms).predict_by_feat(*raw_outputs([]), [meta()])

    assert found.bboxes.shape == found.relative_boxes.shape == (0, 4)
    assert found.coeffs.shape == (0, K)
    assert len(found.labels) == len(found.scores) == 0


@torch.no_grad()
def test_predict_joins_forward_and_detection(make_sample):
    head, samples = small_head(score_thr=0.05), [make_sample(INPUT)] * 2

    found = head.predict(pyramid(), samples)

    expected = head.predict_by_feat(*head(pyramid()), [x.metainfo for x in samples])
    assert [len(x) for x in found] == [len(x) for x in expected]
    assert found[1].bboxes.equal(expected[1].bboxes)


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
    centre = [(index % cells + 0.5) * size, (index // cells + 0.5) * size]
    x1, y1, x2, y2 = box
    return [
        ((x1 + x2) / 2 - centre[0]) / (0.1 * size),
        ((y1 + y2) / 2 - centre[1]) / (0.1 * size),
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
