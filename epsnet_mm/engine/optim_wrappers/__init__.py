"""Optimizer wrappers that never step on a non-finite loss or gradient."""

from .finite_amp_optim_wrapper import FiniteAmpOptimWrapper
from .finite_cpu_amp_optim_wrapper import FiniteCpuAmpOptimWrapper
from .finite_optim_wrapper import FiniteOptimWrapper
from .finite_step import FiniteStepMixin

__all__ = [
    'FiniteAmpOptimWrapper',
    'FiniteCpuAmpOptimWrapper',
    'FiniteOptimWrapper',
    'FiniteStepMixin',
]
