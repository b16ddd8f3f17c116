"""Samplers whose order and augmentation do not depend on interruptions."""

from .resumable_infinite_sampler import ResumableInfiniteSampler
from .resumable_sampler import ResumableSampler

__all__ = ['ResumableInfiniteSampler', 'ResumableSampler']
