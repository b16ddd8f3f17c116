"""What other programs call: inference on images."""

from .panoptic_inferencer import PanopticInferencer

__all__ = ['PanopticInferencer']
