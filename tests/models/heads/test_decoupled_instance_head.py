"""Instance head with a tower per task."""

from epsnet_mm.functional import POSITION_TERMS

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import ConfigDict

from .small_instance_head import ANCHORS, INPUT, K, T, pyramid

COEFFS = K + POSITION_TERMS
NMS = dict(type='fast_nms', iou_threshold=0.5, top_k=200)


def small_head(class_weight=None, **test_cfg):
    torch.manual_seed(0)
    head = MODELS.build(
        dict(
            type='DecoupledInstanceHead',
            num_classes=T,
            in_channels=8,
            feat_channels=8,
            num_head_convs=2,
            num_prototypes=K,
            anchor_generator=ANCHORS,
            class_weight=class_weight,
            norm_cfg=dict(type='GN', num_groups=4),
            train_cfg=ConfigDict(
                assigner=dict(type='ATSSAssigner', topk=4, ignore_iof_thr=0.5)
            ),
            test_cfg=ConfigDict(
                **{
                    **dict(score_thr=0.3, nms_pre=50, nms=NMS, max_per_img=100),
                    **test_cfg,
                }
            ),
        )
    )
    head.init_weights()
    return head


def test_forward_shapes_and_ranges():
    head = small_head()
    with torch.no_grad():
        head.conv_coeff.weight.mul_(100)

    logits, deltas, coeffs = head(pyramid())

    assert [x.shape for x in logits] == [(2, T, 4, 4), (2, T, 2, 2)]
    assert [x.shape for x in deltas] == [(2, 4, 4, 4), (2, 4, 2, 2)]
    assert [x.shape for x in coeffs] == [(2, COEFFS, 4, 4), (2, COEFFS, 2, 2)]
    assert coeffs[0][:, :K].abs().max() <= 1 < coeffs[0][:, K:].abs().max()


def test_starts_with_rare_objects():
    logits, _, _ = small_head()(pyramid())

    assert torch.cat([x.flatten() for x in logits]).sigmoid().max() < 0.05


@pytest.mark.parametrize(('class_weight', 'rare'), [(None, 1), ([1, 1, 3], 3)])
@torch.no_grad()
def test_losses_by_hand(make_sample, class_weight, rare):
    """Two objects lie on anchors, and a crowd on a third one is not background."""
    head, feats = small_head(class_weight), pyramid()
    torch.nn.init.zeros_(head.conv_reg.weight)  # boxes are the anchors
    samples = [
        make_sample(INPUT, [(2, 0, 0, 8, 8), (0, 16, 16, 32, 32)]),
        make_sample(INPUT, [], [(0, 24, 24, 32, 32)]),
    ]

    losses, positives = head.loss(feats, samples)

    # Anchor 0 is row 0, column 0; 19 the last of the coarse level; 15 the crowd's.
    logits = torch.cat([x.flatten(2) for x in head(feats)[0]], dim=2)
    quality = torch.zeros(2, T, 20)
    quality[0, 2, 0] = quality[0, 0, 19] = 1
    probs = logits.sigmoid()
    costs = -(quality * probs.log() + (1 - quality) * (1 - probs).log())
    costs = costs * (quality - probs) ** 2
    costs[1, :, 15] = 0
    costs[0, :, 0] *= rare
    mean = costs.sum().item() / (rare + 1)
    assert losses['loss_cls'].item() == pytest.approx(mean, rel=1e-4)
    assert losses['loss_bbox'].item() == pytest.approx(0, abs=1e-5)
    assert [x.gt_inds.tolist() for x in positives] == [[0, 1], []]
    assert positives[0].relative_boxes.tolist() == [
        [0, 0, 0.25, 0.25],
        [0.5, 0.5, 1, 1],
    ]
    assert positives[1].coeffs.shape == (0, COEFFS)


@torch.no_grad()
def test_boxes_are_weighted_by_class(make_sample):
    feats = [x[:1] for x in pyramid()]
    rare, common = (2, 1, 0, 8, 8), (0, 16, 16, 31, 32)

    def losses(objects, class_weight=None):
        return small_head(class_weight).loss(feats, [make_sample(INPUT, objects)])

    weighted, (positives,) = losses([rare, common], [1.0, 1.0, 3.0])
    first, _ = losses([rare])
    second, _ = losses([common])

    assert positives.weights.tolist() == [3, 1]
    expected = (3 * first['loss_bbox'] + second['loss_bbox']) / 4
    assert weighted['loss_bbox'].item() == pytest.approx(expected.item())


def test_a_weight_for_each_class_is_needed():
    with pytest.raises(ValueError, match=r'2 entries in `class_weight`.*3 thing'):
        small_head([1.0, 2.0])


def test_batch_without_objects_trains_background_only(make_sample):
    head = small_head()

    losses, _ = head.loss(pyramid(), [make_sample(INPUT), make_sample(INPUT)])
    sum(losses.values()).backward()

    assert losses['loss_bbox'] == 0 < losses['loss_cls']
    assert all(x.grad is not None for x in head.cls_convs.parameters())


def test_predict_gives_boxes_scores_and_coefficients(make_sample):
    head = small_head(score_thr=0.0)

    found, _ = head.predict(pyramid(), [make_sample(INPUT), make_sample(INPUT)])

    assert len(found) > 0
    assert found.coeffs.shape == (len(found), COEFFS)
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    assert found.relative_boxes.shape == found.bboxes.shape == (len(found), 4)
