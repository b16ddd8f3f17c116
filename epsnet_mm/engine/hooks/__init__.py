"""Hooks of the runner."""

from .checkpoint_check_hook import CheckpointCheckHook
from .fuse_conv_bn_hook import FuseConvBNHook
from .panoptic_class_check_hook import PanopticClassCheckHook
from .progress_bar_hook import ProgressBarHook

__all__ = [
    'CheckpointCheckHook',
    'FuseConvBNHook',
    'PanopticClassCheckHook',
    'ProgressBarHook',
]
