"""Check of the augmentations before a training starts."""

from mmdet.datasets import transforms
from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...datasets.transforms import PanopticCopyPaste
from ...datasets.wrapped_datasets import used_transforms
from .unwrap import unwrap

# They move, paste or cover pixels of the image, and leave `gt_seg_map` as it was.
_FORGETFUL = (
    transforms.CachedMixUp,
    transforms.CopyPaste,
    transforms.InstaBoost,
    transforms.MixUp,
    transforms.Mosaic,  # CachedMosaic is a subclass.
    transforms.RandomAffine,
    transforms.RandomCenterCropPad,
    transforms.RandomShift,
)


@HOOKS.register_module()
class PanopticTransformCheckHook(Hook):
    """Refuses augmentations of MMDetection that forget the semantic map.

    They change the image and its instances only. The semantic head would then learn
    from labels of other pixels, without any error. Transforms inside of other
    transforms and pipelines of wrapped datasets are found, too; `Albu` is not
    checked, because it depends on its own `transforms` and `keymap`. Models without
    `panoptic_fusion_head` are not panoptic and are not checked.
    """

    def before_train(self, runner: Runner) -> None:
        """Check the training pipeline.

        Raises:
            ValueError: It has such a transform.
        """
        if not hasattr(unwrap(runner.model), 'panoptic_fusion_head'):
            return
        for transform in used_transforms(runner.train_dataloader.dataset):
            if isinstance(transform, _FORGETFUL) and not isinstance(
                transform, PanopticCopyPaste
            ):
                raise ValueError(
                    f'The training pipeline has {type(transform).__name__}, which '
                    'changes the image and its instances, but not the semantic map: '
                    'use PanopticCopyPaste, which keeps them consistent, or remove '
                    'the transform.'
                )
