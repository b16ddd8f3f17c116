"""Metrics."""

from .epsnet_panoptic_metric import EPSNetPanopticMetric

__all__ = ['EPSNetPanopticMetric']
