"""Transforms of the data pipelines."""

from .center_keeping_crop import CenterKeepingCrop
from .load_panoptic_segments import LoadPanopticSegments

__all__ = ['CenterKeepingCrop', 'LoadPanopticSegments']
