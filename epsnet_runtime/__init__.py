"""Panoptic segmentation without PyTorch: results, pictures, models in one file.

Importing it needs numpy and Pillow alone. What needs more says so when it is called.
"""

from .class_info import ClassInfo, load_classes
from .models import PanopticModel
from .panoptic_result import PanopticResult
from .segment import Segment

__all__ = ['ClassInfo', 'PanopticModel', 'PanopticResult', 'Segment', 'load_classes']
