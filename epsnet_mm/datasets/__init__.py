"""Datasets and the transforms that load them."""

from .epsnet_concat_dataset import EPSNetConcatDataset
from .epsnet_panoptic_dataset import EPSNetPanopticDataset
from .samplers import ResumableInfiniteSampler, ResumableSampler
from .transforms import (
    CenterKeepingCrop,
    ClassBalancedCrop,
    EPSNetPhotoMetricDistortion,
    LoadPanopticSegments,
    PanopticCopyPaste,
)

__all__ = [
    'CenterKeepingCrop',
    'ClassBalancedCrop',
    'EPSNetConcatDataset',
    'EPSNetPanopticDataset',
    'EPSNetPhotoMetricDistortion',
    'LoadPanopticSegments',
    'PanopticCopyPaste',
    'ResumableInfiniteSampler',
    'ResumableSampler',
]
