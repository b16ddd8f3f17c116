"""EPSNet+ differs from EPSNet in its instance head alone."""

import pytest

from .conftest import PLUS_LEAVES, read
from .test_differences import differences, settings

# What the paper's network has that each is compared with.
PAPERS = {
    'epsnet-plus_lite0_fpn_camvid': 'epsnet_lite0_fpn_camvid',
    'epsnet-plus_lite0_fpn_facades': 'epsnet_lite0_fpn_facades',
    'epsnet-plus_r50_fpn_8xb8-50e_coco': 'epsnet_r50_fpn_coco',
    'epsnet-plus_r101_fpn_8xb8-50e_coco': 'epsnet_r101_fpn_coco',
}
INSTANCE_PARTS = ('bbox_head', 'mask_head', 'train_cfg', 'test_cfg')
# The small ones also save weights and time.
SMALLER = {'backbone.frozen_stages', 'prototype_head.feat_channels'}
LOSS = 'semantic_head.loss_semantic.loss_weight'


@pytest.mark.parametrize('name', PLUS_LEAVES)
def test_only_the_instance_head_is_new(name):
    plus, paper = (settings(read(x))['model'] for x in (name, PAPERS[name]))

    found = {
        key for key in differences(paper, plus) if not key.startswith(INSTANCE_PARTS)
    }

    assert found == (
        SMALLER | {LOSS} if 'lite0' in name else {'data_preprocessor.batch_augments'}
    )


@pytest.mark.parametrize('name', PLUS_LEAVES)
def test_the_head_and_its_masks_fit_together(name):
    model = read(name).model

    assert model.bbox_head.type == 'DecoupledInstanceHead'
    assert model.mask_head.type == 'PositionedMaskHead'
    assert model.train_cfg.bbox_head.assigner.type == 'ATSSAssigner'
