"""Options of a training."""

import torch
from mmengine.config import Config

# A CPU needs another wrapper, because MMEngine's AmpOptimWrapper needs a GPU.
_AMP_ON_GPU = {
    'OptimWrapper': 'AmpOptimWrapper',
    'FiniteOptimWrapper': 'FiniteAmpOptimWrapper',
}
_AMP_ON_CPU = dict.fromkeys(
    [*_AMP_ON_GPU, *_AMP_ON_GPU.values()], 'FiniteCpuAmpOptimWrapper'
)


def enable_save_on_signal(cfg: Config) -> None:
    """Write a checkpoint when SIGTERM ends the training."""
    hook = dict(type='StopOnSignalHook', save=True)
    cfg.merge_from_dict({'default_hooks.stop_on_signal': hook})


def enable_amp(cfg: Config) -> None:
    """Turn on mixed precision: float16 on a GPU, bfloat16 on a CPU.

    On a CPU both known wrappers become `FiniteCpuAmpOptimWrapper`.

    Raises:
        ValueError: If the config's optimizer wrapper has no such counterpart.
    """
    wrapper = cfg.optim_wrapper.get('type', 'OptimWrapper')
    counterparts = _AMP_ON_GPU if torch.cuda.is_available() else _AMP_ON_CPU
    if wrapper in counterparts.values():
        return
    if wrapper not in counterparts:
        raise ValueError(
            f'--amp knows no mixed-precision form of optim_wrapper.type='
            f'{wrapper}; set optim_wrapper.type to one of '
            f'{", ".join(counterparts)}, or leave out --amp.'
        )
    cfg.optim_wrapper.type = counterparts[wrapper]
