"""Check of the NMS before a training starts."""

from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...environment.nms_backend import mmcv_nms
from ...environment.nms_check import check_nms
from .unwrap import unwrap


@HOOKS.register_module()
class NMSCheckHook(Hook):
    """Runs the NMS of the validation once before the first iteration.

    NMS is not part of EPSNet's training. EPSNet's greedy and fast NMS run everywhere,
    but another type or option, and the NMS of MMDetection's own heads, need mmcv's
    compiled ops. If these are missing, or are for CPUs only, that would otherwise show
    at the first validation, which may be 40,000 iterations later.
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
        for module in model.modules():
            test_cfg = getattr(module, 'test_cfg', None)
            nms_cfg = test_cfg.get('nms') if isinstance(test_cfg, dict) else None
            if not nms_cfg or nms_cfg.get('type') == 'fast_nms':
                continue
            # MMDetection's heads call mmcv's; EPSNet's head names its own.
            check_nms(getattr(module, 'run_nms', mmcv_nms), nms_cfg, device)
