"""Check of the compiled NMS before a training starts."""

from collections.abc import Iterator

from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import nn

from ...environment.nms_check import check_nms
from .unwrap import unwrap


@HOOKS.register_module()
class NMSCheckHook(Hook):
    """Runs the NMS of the validation once before the first iteration.

    NMS is not part of EPSNet's training. If mmcv has no compiled ops, or has them
    for CPUs only, that would otherwise show at the first validation, which may be
    40,000 iterations later. `fast_nms` needs no compiled ops and is not checked.
    """

    def before_train(self, runner: Runner) -> None:
        """Run each NMS that the model is configured for, on its device.

        Raises:
            RuntimeError: If one does not run there.
        """
        if runner.val_loop is None:
            return
        model = unwrap(runner.model)
        device = next(model.parameters()).device
        for nms_cfg in _compiled_nms(model):
            check_nms(nms_cfg, device)


def _compiled_nms(model: nn.Module) -> Iterator[dict]:
    """The `nms` of each test_cfg in the model, without the plain PyTorch ones."""
    for module in model.modules():
        test_cfg = getattr(module, 'test_cfg', None)
        nms_cfg = test_cfg.get('nms') if isinstance(test_cfg, dict) else None
        if nms_cfg and nms_cfg.get('type') != 'fast_nms':
            yield nms_cfg
