"""Hooks of the runner."""

from .bounded_history_hook import BoundedHistoryHook
from .checkpoint_check_hook import CheckpointCheckHook
from .fuse_conv_bn_hook import FuseConvBNHook
from .nms_check_hook import NMSCheckHook
from .panoptic_class_check_hook import PanopticClassCheckHook
from .panoptic_transform_check_hook import PanopticTransformCheckHook
from .progress_bar_hook import ProgressBarHook
from .sync_statistics_hook import SyncStatisticsHook

__all__ = [
    'BoundedHistoryHook',
    'CheckpointCheckHook',
    'FuseConvBNHook',
    'NMSCheckHook',
    'PanopticClassCheckHook',
    'PanopticTransformCheckHook',
    'ProgressBarHook',
    'SyncStatisticsHook',
]
