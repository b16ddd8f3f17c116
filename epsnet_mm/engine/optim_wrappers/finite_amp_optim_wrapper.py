"""Mixed-precision optimizer wrapper (GPU) that skips non-finite steps."""

from mmdet.registry import OPTIM_WRAPPERS
from mmengine.device import get_device
from mmengine.optim import AmpOptimWrapper

from .finite_step import FiniteStepMixin

# Where upstream's wrapper ends in an assertion.
_WITHOUT_LOSS_SCALING = ('cpu', 'mps')


@OPTIM_WRAPPERS.register_module()
class FiniteAmpOptimWrapper(FiniteStepMixin, AmpOptimWrapper):
    """`AmpOptimWrapper` that also skips a step whose loss is not finite.

    Upstream's loss scaler skips steps with infinite gradients, but says nothing
    and never stops. A few skips at the start are normal: the scale starts at 65536
    and each skip halves it. It reaches 1 within the 20 skips that
    `max_skipped_steps` allows by default.

    Raises:
        ValueError: Without a GPU.
    """

    def __init__(self, *args, **kwargs) -> None:
        device = get_device()
        if device in _WITHOUT_LOSS_SCALING:
            raise ValueError(
                f'{type(self).__name__} trains with float16, which needs a GPU, but '
                f'the device is {device}: add --amp, which takes bfloat16 on a CPU, '
                'or set optim_wrapper.type=FiniteOptimWrapper.'
            )
        super().__init__(*args, **kwargs)

    def _after_skip(self) -> None:
        """Lower the loss scale if it made the gradients overflow."""
        self.loss_scaler.unscale_(self.optimizer)
        self.loss_scaler.update(self._scale_update_param)
