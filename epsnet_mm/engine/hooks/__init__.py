"""Hooks of the runner."""

from .checkpoint_check_hook import CheckpointCheckHook
from .fuse_conv_bn_hook import FuseConvBNHook
from .panoptic_class_check_hook import PanopticClassCheckHook

__all__ = ['CheckpointCheckHook', 'FuseConvBNHook', 'PanopticClassCheckHook']
