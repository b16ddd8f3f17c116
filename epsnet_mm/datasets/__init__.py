"""Data sets and the transforms that load them."""
from .panoptic_dataset import PanopticDataset
from .transforms import LoadPanopticSegments

__all__ = ['LoadPanopticSegments', 'PanopticDataset']
