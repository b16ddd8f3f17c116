"""Transforms of the data pipelines."""
from .load_panoptic_annotations import LoadPanopticSegments

__all__ = ['LoadPanopticSegments']
