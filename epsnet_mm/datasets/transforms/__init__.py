"""Transforms of the data pipelines."""

from .center_keeping_crop import CenterKeepingCrop
from .load_panoptic_segments import LoadPanopticSegments
from .panoptic_copy_paste import PanopticCopyPaste

__all__ = ['CenterKeepingCrop', 'LoadPanopticSegments', 'PanopticCopyPaste']
