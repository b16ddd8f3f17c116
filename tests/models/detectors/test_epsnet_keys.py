"""Keys of `train_cfg` and `test_cfg` that nothing reads end the construction."""

from epsnet_mm.models.heads import MaskAssemblyHead

import pytest
from mmdet.registry import MODELS

from .test_epsnet import shallow_config


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (
            lambda cfg: cfg.test_cfg.update(box_head={}),
            '`model.test_cfg.box_head` is read by nothing: write `bbox_head`',
        ),
        (
            lambda cfg: cfg.test_cfg.bbox_head.update(score_th=0.3),
            '`model.test_cfg.bbox_head.score_th` is read by nothing: write `score_thr`',
        ),
        (
            lambda cfg: cfg.test_cfg.panoptic.update(overlap=0.3),
            'panoptic.overlap` is read by nothing: write `mask_overlap`',
        ),
        (
            lambda cfg: cfg.test_cfg.update(mask_head=dict(x=1)),
            'mask_head.x` is read by nothing: it takes mask_thr_binary',
        ),
        (
            lambda cfg: cfg.train_cfg.update(mask_head={}),
            '`model.train_cfg.mask_head` is read by nothing: it takes bbox_head',
        ),
        (
            lambda cfg: cfg.train_cfg.bbox_head.update(sampler={}),
            'train_cfg.bbox_head.sampler` is read by nothing: it takes assigner',
        ),
    ],
)
def test_unknown_keys(change, message):
    cfg = shallow_config(2, 2)
    change(cfg)
    with pytest.raises(ValueError, match=message):
        MODELS.build(cfg)


@pytest.mark.parametrize('keys', [('mask_thr_binary', 'x'), None])
def test_a_head_of_others_has_keys_of_its_own(keys, monkeypatch):
    monkeypatch.setattr(MaskAssemblyHead, 'TEST_CFG_KEYS', keys)
    cfg = shallow_config(2, 2)
    cfg.test_cfg.mask_head = dict(mask_thr_binary=0.5, x=1)
    MODELS.build(cfg)
