"""Single-precision optimizer wrapper that skips non-finite steps."""

from mmdet.registry import OPTIM_WRAPPERS
from mmengine.optim import OptimWrapper

from .finite_step import FiniteStepMixin


@OPTIM_WRAPPERS.register_module()
class FiniteOptimWrapper(FiniteStepMixin, OptimWrapper):
    """`OptimWrapper` that skips a step whose loss or gradient is not finite.

    See `FiniteStepMixin` for `max_skipped_steps`; all else is as upstream.
    """
