"""Networks in one file, run without PyTorch."""

from .panoptic_model import PanopticModel

__all__ = ['PanopticModel']
