"""Pictures of panoptic results."""

from .epsnet_mlflow_vis_backend import EPSNetMLflowVisBackend
from .epsnet_panoptic_visualizer import EPSNetPanopticVisualizer

__all__ = ['EPSNetMLflowVisBackend', 'EPSNetPanopticVisualizer']
