"""Which augmentations are refused, and that they deserve it."""

from types import SimpleNamespace

from epsnet_mm.datasets import PanopticCopyPaste
from epsnet_mm.engine.hooks import PanopticTransformCheckHook

import numpy as np
import pytest
from mmcv.transforms import RandomApply
from mmdet.datasets import transforms
from mmdet.structures.bbox import HorizontalBoxes
from mmdet.structures.mask import BitmapMasks
from mmengine.dataset import Compose
from mmengine.registry import init_default_scope

FORGETFUL = {
    'CopyPaste': transforms.CopyPaste,
    'Mosaic': lambda: transforms.Mosaic(img_scale=(16, 16), prob=1.0),
    'CachedMosaic': lambda: transforms.CachedMosaic(img_scale=(16, 16), prob=1.0),
    'MixUp': lambda: transforms.MixUp(img_scale=(16, 16)),
    'CachedMixUp': lambda: transforms.CachedMixUp(img_scale=(16, 16), prob=1.0),
    'RandomAffine': lambda: transforms.RandomAffine(border=(2, 2)),
    'RandomShift': lambda: transforms.RandomShift(prob=1.0, max_shift_px=3),
    'RandomCenterCropPad': lambda: transforms.RandomCenterCropPad(
        crop_size=(8, 8),
        mean=[0, 0, 0],
        std=[1, 1, 1],
        to_rgb=True,
        test_pad_mode=None,
    ),
}


class OwnMosaic(transforms.Mosaic):
    """As users write it."""


def runner(pipeline: list, panoptic: bool = True) -> SimpleNamespace:
    model = SimpleNamespace(**(dict(panoptic_fusion_head=None) if panoptic else {}))
    dataset = SimpleNamespace(pipeline=Compose(pipeline))
    return SimpleNamespace(
        model=model, train_dataloader=SimpleNamespace(dataset=dataset)
    )


@pytest.mark.parametrize('name', FORGETFUL)
def test_forgetful_transforms_are_refused(name):
    bad = runner([FORGETFUL[name]()])
    message = f'{name}, which .* the semantic map: use PanopticCopyPaste'
    with pytest.raises(ValueError, match=message):
        PanopticTransformCheckHook().before_train(bad)


def test_instaboost_is_refused():
    # Its constructor needs a package of its own.
    instaboost = object.__new__(transforms.InstaBoost)
    with pytest.raises(ValueError, match='has InstaBoost'):
        PanopticTransformCheckHook().before_train(runner([instaboost]))


def test_subclass_inside_wrappers_is_refused():
    init_default_scope('mmdet')
    nested = RandomApply([RandomApply([OwnMosaic()])])
    bad = runner([transforms.Expand(), nested])
    with pytest.raises(ValueError, match='has OwnMosaic'):
        PanopticTransformCheckHook().before_train(bad)
    mixed = runner([])
    mixed.train_dataloader.dataset = SimpleNamespace(
        datasets=[SimpleNamespace(dataset=SimpleNamespace(), pipeline=[OwnMosaic()])]
    )
    with pytest.raises(ValueError, match='has OwnMosaic'):
        PanopticTransformCheckHook().before_train(mixed)


def test_others_pass():
    good = [
        PanopticCopyPaste(),
        transforms.RandomCrop((4, 4)),
        transforms.Rotate(),
        transforms.RandomErasing(1, 0.1),
        transforms.PhotoMetricDistortion(),
        transforms.MinIoURandomCrop(),
    ]
    PanopticTransformCheckHook().before_train(runner(good))
    detector = runner([transforms.CopyPaste()], panoptic=False)
    PanopticTransformCheckHook().before_train(detector)


def sample() -> dict:
    masks = np.zeros((1, 16, 16), np.uint8)
    masks[0, 3:9, 2:12] = 1
    return dict(
        img=np.random.randint(0, 256, (16, 16, 3), np.uint8),
        img_shape=(16, 16),
        img_path='a.jpg',
        gt_bboxes=HorizontalBoxes(np.array([[2, 3, 12, 9]], np.float32)),
        gt_bboxes_labels=np.array([0]),
        gt_ignore_flags=np.array([False]),
        gt_masks=BitmapMasks(masks, 16, 16),
        gt_seg_map=masks[0].astype(np.int32),
    )


@pytest.mark.parametrize('name', ['CopyPaste', 'Mosaic', 'MixUp', 'RandomShift'])
def test_refused_ones_leave_the_semantic_map_as_it_was(name):
    transform = FORGETFUL[name]()
    results = sample() | dict(mix_results=[sample() for _ in range(3)])
    if name in ('CopyPaste', 'MixUp'):
        results['mix_results'] = results['mix_results'][:1]
    before = sample()
    after = transform(results)
    assert (after['gt_seg_map'] == before['gt_seg_map']).all()
