"""Pictures of panoptic results."""

from .epsnet_panoptic_visualizer import EPSNetPanopticVisualizer

__all__ = ['EPSNetPanopticVisualizer']
