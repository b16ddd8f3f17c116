"""Mixed-precision optimizer wrapper for machines without a GPU."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from mmdet.registry import OPTIM_WRAPPERS
from mmengine.runner.amp import autocast
from torch import nn

from .finite_optim_wrapper import FiniteOptimWrapper


@OPTIM_WRAPPERS.register_module()
class FiniteCpuAmpOptimWrapper(FiniteOptimWrapper):
    """`FiniteOptimWrapper` with the forward pass in bfloat16 on a CPU.

    Upstream's `AmpOptimWrapper` demands a GPU. bfloat16 has the exponent range
    of float32, so no loss scaling is needed.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """Autocast to bfloat16 inside the parent's context."""
        with (
            super().optim_context(model),
            autocast(device_type='cpu', dtype=torch.bfloat16),
        ):
            yield
