"""Testing with normalization folded into the convolutions."""

import copy

from mmcv.cnn import fuse_conv_bn
from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from torch import nn


@HOOKS.register_module()
class FuseConvBNHook(Hook):
    """Tests a copy of the model that has no batch normalization.

    With frozen statistics, batch normalization is a scale and a shift of each
    channel, which the convolution before it can do as well. The copy is made after
    the weights are loaded. The model itself is not changed, because hooks such as
    `EMAHook` swap its weights before and after a test.
    """

    # After the hooks that change weights.
    priority = 'VERY_LOW'

    def __init__(self) -> None:
        self._original: nn.Module | None = None

    def before_test_epoch(self, runner: Runner) -> None:
        """Put the folded copy in the runner."""
        self._original = model = runner.model
        if is_model_wrapper(model):
            model = model.module
        runner.model = fuse_conv_bn(copy.deepcopy(model))

    def after_test_epoch(self, runner: Runner, metrics: dict | None = None) -> None:
        """Put the model back."""
        runner.model, self._original = self._original, None
