"""Hooks of the runner."""
from .checkpoint_check_hook import CheckpointCheckHook
from .panoptic_class_check_hook import PanopticClassCheckHook

__all__ = ['CheckpointCheckHook', 'PanopticClassCheckHook']
