"""Transforms of the data pipelines."""

from .load_panoptic_segments import LoadPanopticSegments
from .panoptic_copy_paste import PanopticCopyPaste

__all__ = ['LoadPanopticSegments', 'PanopticCopyPaste']
