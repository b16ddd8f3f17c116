"""Pictures of panoptic results."""
from .panoptic_visualizer import PanopticVisualizer

__all__ = ['PanopticVisualizer']
