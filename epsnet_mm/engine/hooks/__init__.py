"""Hooks of the runner."""

from .atomic_checkpoint_hook import AtomicCheckpointHook
from .bounded_history_hook import BoundedHistoryHook
from .checkpoint_check_hook import CheckpointCheckHook
from .fuse_conv_bn_hook import FuseConvBNHook
from .iteration_seed_hook import IterationSeedHook
from .nms_check_hook import NMSCheckHook
from .panoptic_class_check_hook import PanopticClassCheckHook
from .panoptic_class_scalars_hook import PanopticClassScalarsHook
from .panoptic_fixed_pictures_hook import PanopticFixedPicturesHook
from .panoptic_transform_check_hook import PanopticTransformCheckHook
from .panoptic_visualization_hook import PanopticVisualizationHook
from .progress_bar_hook import ProgressBarHook
from .stop_on_signal_hook import StopOnSignalHook
from .sync_statistics_hook import SyncStatisticsHook

__all__ = [
    'AtomicCheckpointHook',
    'BoundedHistoryHook',
    'CheckpointCheckHook',
    'FuseConvBNHook',
    'IterationSeedHook',
    'NMSCheckHook',
    'PanopticClassCheckHook',
    'PanopticClassScalarsHook',
    'PanopticFixedPicturesHook',
    'PanopticTransformCheckHook',
    'PanopticVisualizationHook',
    'ProgressBarHook',
    'StopOnSignalHook',
    'SyncStatisticsHook',
]
