"""EPSNet+ differs from EPSNet in its instance head alone."""

import pytest

from .conftest import PLUS_LEAVES, read
from .test_differences import differences, settings

# What the paper's network has that each is compared with.
PAPERS = {
    'epsnet-plus_lite0_fpn_camvid': 'epsnet_lite0_fpn_camvid',
    'epsnet-plus_lite0_fpn_facades': 'epsnet_lite0_fpn_facades',
    'epsnet-plus_lite0_fpn_mine': 'epsnet_lite0_fpn_camvid',
    'epsnet-plus_r50_fpn_8xb8-50e_coco': 'epsnet_r50_fpn_coco',
    'epsnet-plus_r101_fpn_8xb8-50e_coco': 'epsnet_r101_fpn_coco',
}
# Attention and prototypes on a CPU -> what each form changes.
FORMS = {
    'epsnet-plus_lite0_fpn_full-attention_camvid': {
        'fusion_neck.target_stride',
        'fusion_neck.source_stride',
    },
    'epsnet-plus_lite0_fpn_pooled-attention_camvid': {'fusion_neck.target_stride'},
    'epsnet-plus_lite0_fpn_depthwise-prototypes_camvid': {'prototype_head.type'},
}
# Longer trainings -> what they are longer than.
LONGER = {
    'epsnet-plus_lite0_fpn_30e_camvid': 'epsnet-plus_lite0_fpn_camvid',
    'epsnet-plus_lite0_fpn_36e_facades': 'epsnet-plus_lite0_fpn_facades',
}
PAPERS |= dict.fromkeys(FORMS, 'epsnet_lite0_fpn_camvid')
PAPERS |= {name: PAPERS[short] for name, short in LONGER.items()}
INSTANCE_PARTS = ('bbox_head', 'mask_head', 'train_cfg', 'test_cfg')
# The small ones also save weights and time.
SMALLER = {
    'backbone.frozen_stages',
    'fusion_neck.source_stride',
    'fusion_neck.target_stride',
    'fusion_neck.type',
    'prototype_head.feat_channels',
}
# Of the data.
COUNTS = {'num_things_classes', 'num_stuff_classes'}
LOSS = 'semantic_head.loss_semantic.loss_weight'


@pytest.mark.parametrize('name', PLUS_LEAVES)
def test_only_the_instance_head_is_new(name):
    plus, paper = (settings(read(x))['model'] for x in (name, PAPERS[name]))

    found = {
        key
        for key in differences(paper, plus) - COUNTS
        if not key.startswith(INSTANCE_PARTS)
    }

    changed = SMALLER | {LOSS} | FORMS.get(name, set())
    assert found == (
        changed if 'lite0' in name else {'data_preprocessor.batch_augments'}
    )


@pytest.mark.parametrize('name', FORMS)
def test_a_form_changes_what_it_says(name):
    full = settings(read('epsnet-plus_lite0_fpn_camvid'))

    found = differences(full, settings(read(name)))

    assert found == {f'model.{key}' for key in FORMS[name]}


@pytest.mark.parametrize('name', LONGER)
def test_a_longer_training_is_nothing_but_longer(name):
    config, short = read(name), read(LONGER[name])

    assert differences(settings(short), settings(config)) == {
        'train_cfg.max_epochs',
        'train_cfg.val_interval',
        'param_scheduler',
    }
    assert config.train_cfg.max_epochs == 2 * short.train_cfg.max_epochs
    # The decay ends with the training; the warm-up stays.
    warm_up, decay = config.param_scheduler
    assert decay.T_max == config.train_cfg.max_epochs
    assert warm_up == short.param_scheduler[0]
    assert decay == dict(short.param_scheduler[1], T_max=decay.T_max)


@pytest.mark.parametrize('name', PLUS_LEAVES)
def test_the_head_and_its_masks_fit_together(name):
    model = read(name).model

    assert model.bbox_head.type == 'DecoupledInstanceHead'
    assert model.mask_head.type == 'PositionedMaskHead'
    assert model.train_cfg.bbox_head.assigner.type == 'ATSSAssigner'
