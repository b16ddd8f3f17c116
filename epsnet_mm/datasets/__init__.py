"""Data sets and the transforms that load them."""

from .epsnet_panoptic_dataset import EPSNetPanopticDataset
from .samplers import ResumableInfiniteSampler, ResumableSampler
from .transforms import LoadPanopticSegments, PanopticCopyPaste

__all__ = [
    'EPSNetPanopticDataset',
    'LoadPanopticSegments',
    'PanopticCopyPaste',
    'ResumableInfiniteSampler',
    'ResumableSampler',
]
