"""Transforms of the data pipelines."""

from .center_keeping_crop import CenterKeepingCrop
from .class_balanced_crop import ClassBalancedCrop
from .epsnet_photo_metric_distortion import EPSNetPhotoMetricDistortion
from .load_panoptic_segments import LoadPanopticSegments
from .panoptic_copy_paste import PanopticCopyPaste

__all__ = [
    'CenterKeepingCrop',
    'ClassBalancedCrop',
    'EPSNetPhotoMetricDistortion',
    'LoadPanopticSegments',
    'PanopticCopyPaste',
]
