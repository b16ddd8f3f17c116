"""The baseline is MMDetection's Panoptic FPN, but for what its config says."""

from pathlib import Path

import epsnet_mm  # noqa: F401
from epsnet_mm.environment.mmcv_ops import has_mmcv_ops

import mmdet
import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

from .conftest import CONFIGS, read
from .test_differences import differences

LEAF = CONFIGS / 'panoptic_fpn/panoptic-fpn_r18_fpn_camvid.py'
UPSTREAM = Path(mmdet.__file__).parent / (
    '.mim/configs/panoptic_fpn/panoptic-fpn_r50_fpn_1x_coco.py'
)
ROI = 'roi_head'
SLIM = {
    'backbone.depth',
    'backbone.frozen_stages',
    'backbone.norm_eval',
    'backbone.zero_init_residual',
    'neck.norm_cfg.type',
    'neck.norm_cfg.num_groups',
    'backbone.init_cfg',
    'backbone.init_cfg.type',
    'backbone.init_cfg.checkpoint',
    'neck.in_channels',
    'neck.out_channels',
    'rpn_head.in_channels',
    'rpn_head.feat_channels',
    f'{ROI}.bbox_roi_extractor.out_channels',
    f'{ROI}.bbox_head.in_channels',
    f'{ROI}.bbox_head.fc_out_channels',
    f'{ROI}.mask_roi_extractor.out_channels',
    f'{ROI}.mask_head.in_channels',
    f'{ROI}.mask_head.conv_out_channels',
    'semantic_head.in_channels',
    'train_cfg.rpn_proposal.nms_pre',
    'train_cfg.rpn_proposal.max_per_img',
    'train_cfg.rcnn.sampler.num',
    'test_cfg.rpn.nms_pre',
    'test_cfg.rpn.max_per_img',
}
CAMVID = {
    'rpn_head.anchor_generator.scales',
    f'{ROI}.bbox_head.num_classes',
    f'{ROI}.mask_head.num_classes',
    'semantic_head.num_things_classes',
    'semantic_head.num_stuff_classes',
    'panoptic_fusion_head.num_things_classes',
    'panoptic_fusion_head.num_stuff_classes',
    'test_cfg.panoptic.stuff_area_limit',
    'test_cfg.rcnn.score_thr',
}


def test_differs_from_upstream_as_said():
    baseline, upstream = Config.fromfile(LEAF), Config.fromfile(UPSTREAM)

    # MMEngine's note that a base is MMDetection's.
    assert differences(baseline.model, upstream.model) == SLIM | CAMVID | {'_scope_'}


def test_same_data_and_metric_as_epsnet():
    baseline, ours = Config.fromfile(LEAF), read('epsnet_r18_fpn_camvid')

    for part in (
        'train_dataloader',
        'val_dataloader',
        'val_evaluator',
        'optim_wrapper',
        'randomness',
    ):
        assert baseline[part] == ours[part], part


@pytest.mark.slow
def test_one_train_and_one_test_step(make_batch):
    """Losses are finite, and the map has the size of the image."""
    init_default_scope('mmdet')
    cfg = Config.fromfile(LEAF)
    cfg.model.test_cfg.rcnn.score_thr = 0.0
    model = MODELS.build(cfg.model)
    model.init_weights()
    batch = make_batch((96, 128), num_things=4)
    if not has_mmcv_ops():
        with pytest.raises(RuntimeError, match='cannot run: run `make ops`'):
            model.test_step(batch)
        return

    data = model.data_preprocessor(batch, True)
    losses, _ = model.parse_losses(model(**data, mode='loss'))
    losses.backward()
    batch = make_batch((96, 128), num_things=4)
    # The image had 72 rows; upstream needs the scale factors of x and y.
    batch['data_samples'][0].set_metainfo(dict(scale_factor=(1.0, 96 / 72)))
    with torch.no_grad():
        (sample,) = model.eval().test_step(batch)

    assert losses.isfinite()
    assert losses > 0
    assert sample.pred_panoptic_seg.sem_seg.shape == (1, 72, 128)
