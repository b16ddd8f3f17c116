"""The network's counts: classes, prototypes, and the labels that they allow."""

import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import MODELS

from .conftest import SIZE, S, T, images, shallow_config


def test_heads_take_their_class_counts_from_the_network(small_model):
    assert small_model.bbox_head.num_classes == T
    for head in (small_model.semantic_head, small_model.panoptic_fusion_head):
        assert (head.num_things_classes, head.num_stuff_classes) == (T, S)


@torch.no_grad()
@pytest.mark.parametrize(
    'semantic_type', ['CoefficientSemanticHead', 'EPSNetDenseSemanticHead']
)
def test_heads_take_the_number_of_prototypes_from_the_network(semantic_type):
    cfg = shallow_config(T, S)
    cfg.num_prototypes = 6
    cfg.semantic_head = dict(type=semantic_type)

    model = MODELS.build(cfg)
    *_, coeffs, prototypes, logits = model(images(1, (288, 288)), mode='tensor')

    assert coeffs[0].shape[1] == 3 * 6
    assert prototypes.shape[1] == 6
    assert logits.shape[1] == S + 1


@pytest.mark.parametrize(
    ('head', 'key'),
    [
        ('bbox_head', 'num_classes'),
        ('semantic_head', 'num_stuff_classes'),
        ('panoptic_fusion_head', 'num_things_classes'),
        ('bbox_head', 'num_prototypes'),
        ('prototype_head', 'num_prototypes'),
        ('semantic_head', 'num_prototypes'),
    ],
)
def test_a_head_with_a_count_of_its_own(head, key):
    cfg = shallow_config(T, S)
    cfg[head][key] = 9
    with pytest.raises(ValueError, match=rf'model\.{head}\.{key}` is 9.*remove it'):
        MODELS.build(cfg)


@pytest.mark.parametrize(
    ('num_stuff', 'padding', 'message'),
    [
        (996, 255, '1000 classes, but .* hold 999'),
        (290, 255, 'seg_pad_value` is 255'),
    ],
)
def test_labels_that_cannot_be_told_apart(num_stuff, padding, message):
    cfg = shallow_config(T, num_stuff)
    cfg.data_preprocessor.seg_pad_value = padding
    with pytest.raises(ValueError, match=message):
        MODELS.build(cfg)


@pytest.mark.parametrize(
    ('things', 'stuff', 'truth'),
    [
        (0, S, dict(stuff=1)),
        (0, 1, dict(stuff=255)),
        (T, 0, dict(things=[(1, 20, 30, 90, 100)])),
        (1, 0, dict()),
    ],
)
def test_stuff_only_and_things_only(things, stuff, truth, make_sample):
    cfg = shallow_config(things, stuff)
    cfg.semantic_head.padding = 1
    cfg.test_cfg.bbox_head.score_thr = 0.0
    cfg.test_cfg.panoptic.stuff_area_limit = 1
    model = MODELS.build(cfg)

    losses = model.loss(images(), [make_sample(SIZE, **truth)] * 2)
    sum(losses.values()).backward()
    assert all(loss.isfinite() for loss in losses.values())

    model.eval()
    with torch.no_grad():
        found = model.predict(images(1), [make_sample(SIZE)])[0]
    assert (len(found.pred_instances) > 0) == (things > 0)
    labels = found.pred_panoptic_seg.sem_seg % INSTANCE_OFFSET
    assert labels.max() <= things + stuff
    assert things or (labels < stuff).any()
