"""The COCO recipe has the numbers of section 4.1 of the paper."""

import pytest
from mmengine.config import Config

from .conftest import ROOT, load


@pytest.fixture(scope='module', params=['epsnet_r101_fpn_coco', 'epsnet_r50_fpn_coco'])
def cfg(request):
    return load(request.param)


def test_loss_weights(cfg):
    model = cfg.model

    assert model.bbox_head.loss_cls.loss_weight == 1
    assert model.bbox_head.loss_bbox.loss_weight == 1.5
    assert model.mask_head.loss_mask.loss_weight == 6.125
    assert model.semantic_head.loss_semantic.loss_weight == 2


def test_schedule(cfg):
    optimizer = cfg.optim_wrapper.optimizer
    steps = cfg.param_scheduler[1]

    assert optimizer.type == 'SGD'
    assert (optimizer.lr, optimizer.momentum, optimizer.weight_decay) == (
        1e-3,
        0.9,
        5e-4,
    )
    assert cfg.train_cfg.max_iters == 3_200_000
    assert steps.milestones == [1_120_000, 2_400_000, 2_800_000, 3_000_000]
    assert steps.gamma == 0.1
    assert not steps.by_epoch
    assert cfg.train_dataloader.batch_size == 2
    assert cfg.auto_scale_lr.base_batch_size == 2


def test_warm_up_of_the_release(cfg):
    """500 iterations from 1e-4 up; the paper is silent."""
    warm_up = cfg.param_scheduler[0]

    assert warm_up.start_factor * cfg.optim_wrapper.optimizer.lr == (
        pytest.approx(1e-4)
    )
    assert (warm_up.begin, warm_up.end, warm_up.by_epoch) == (0, 500, False)


def test_augmentation(cfg):
    """Flip, scale the square to [550, 825], crop 550 x 550."""
    transforms = {x.type: x for x in cfg.train_dataloader.dataset.pipeline}
    resize = transforms['RandomResize']

    assert list(transforms) == [
        'LoadImageFromFile',
        'LoadPanopticSegments',
        'PhotoMetricDistortion',
        'RandomFlip',
        'RandomResize',
        'CenterKeepingCrop',
        'FilterAnnotations',
        'PackDetInputs',
    ]
    assert transforms['RandomFlip'].prob == 0.5
    assert resize.scale == (550, 550)
    assert not resize.keep_ratio
    assert [550 * ratio for ratio in resize.ratio_range] == [550, 825]
    assert transforms['CenterKeepingCrop'].crop_size == (550, 550)


def test_test_images_do_not_keep_their_aspect_ratio(cfg):
    (resize,) = (x for x in cfg.test_dataloader.dataset.pipeline if x.type == 'Resize')

    assert resize.scale == (550, 550)
    assert not resize.keep_ratio


def test_network(cfg):
    model = cfg.model

    assert model.backbone.norm_cfg.requires_grad is False
    assert model.backbone.norm_eval
    assert model.neck.out_channels == 256
    assert model.neck.num_outs == 5
    assert model.fusion_neck.embed_channels == 128
    assert model.fusion_neck.source_levels == (0, 1, 2)
    for head in (model.prototype_head, model.semantic_head):
        assert head.num_prototypes == 32
    assert model.bbox_head.num_protos == 32
    assert (model.num_things_classes, model.num_stuff_classes) == (80, 53)


def test_imagenet_weights():
    for depth in (50, 101):
        cfg = Config.fromfile(ROOT / f'configs/epsnet/epsnet_r{depth}_fpn_coco.py')
        assert cfg.model.backbone.depth == depth
        assert cfg.model.backbone.init_cfg == dict(
            type='Pretrained', checkpoint=f'torchvision://resnet{depth}'
        )
