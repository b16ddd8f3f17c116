"""Transforms of the data pipelines."""

from .load_panoptic_segments import LoadPanopticSegments

__all__ = ['LoadPanopticSegments']
