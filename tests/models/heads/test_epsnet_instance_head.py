"""Boxes, classes and coefficients of the instance head."""

import math

import pytest
import torch
from mmdet.registry import MODELS

from .small_instance_head import ANCHORS, INPUT, K, T, pyramid, small_head


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
    dict(type='nms', iou_threshold=0.5),
]


def test_outputs_of_each_anchor():
    head = small_head()

    scores, boxes, coeffs = head(pyramid())

    assert [x.shape[1:] for x in scores] == [(T + 1, 4, 4), (T + 1, 2, 2)]
    assert [x.shape[1:] for x in boxes] == [(4, 4, 4), (4, 2, 2)]
    assert [x.shape[1:] for x in coeffs] == [(K, 4, 4), (K, 2, 2)]
    assert max(x.abs().max() for x in coeffs) <= 1
    # As in the release, next to the normalization.
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
def test_neighbors_are_suppressed_within_a_class(nms):
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


def test_boxes_of_the_image_in_the_input():
    # As above, and the image fills 20 of the 24 columns' pixels: it is clipped.
    outputs = raw_outputs([(1, 1, 1, 2, 5.0, NONE)])

    (found,) = small_head().predict_by_feat(
        *outputs, [meta((48, 64), (24, 28))], rescale=False
    )

    assert found.bboxes.tolist() == [[16.0, 16.0, 28.0, 24.0]]
    assert found.relative_boxes.tolist() == [[0.5, 0.5, 1.0, 1.0]]


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


@torch.no_grad()
def test_layers_are_those_of_upstream():
    """The same names, shapes and outputs as `YOLACTHead`, but for the bias."""
    head = small_head()
    upstream = MODELS.build(
        dict(
            type='YOLACTHead',
            num_classes=T,
            in_channels=8,
            feat_channels=8,
            num_protos=K,
            anchor_generator=ANCHORS,
            norm_cfg=dict(type='GN', num_groups=4),
        )
    )
    state = head.state_dict()
    state.pop('head_convs.0.conv.bias').zero_()
    upstream.load_state_dict(state)

    for found, expected in zip(head(pyramid()), upstream(pyramid()), strict=True):
        for ours, theirs in zip(found, expected, strict=True):
            torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize('option', ['use_ohem', 'reg_decoded_bbox', 'conv_cfg'])
def test_options_of_upstream_that_would_do_nothing(option):
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{option}'"):
        MODELS.build(dict(type='EPSNetInstanceHead', num_classes=T, **{option: None}))
