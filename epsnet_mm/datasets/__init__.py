"""Datasets and the transforms that load them."""

from .epsnet_panoptic_dataset import EPSNetPanopticDataset
from .samplers import ResumableInfiniteSampler, ResumableSampler
from .transforms import CenterKeepingCrop, LoadPanopticSegments, PanopticCopyPaste

__all__ = [
    'CenterKeepingCrop',
    'EPSNetPanopticDataset',
    'LoadPanopticSegments',
    'PanopticCopyPaste',
    'ResumableInfiniteSampler',
    'ResumableSampler',
]
