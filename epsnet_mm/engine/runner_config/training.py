"""Options of a training."""

import torch
from mmengine.config import Config

from .config_file import check_checkpoint_path

# A CPU needs another wrapper, because MMEngine's AmpOptimWrapper needs a GPU.
_AMP_ON_GPU = {
    'OptimWrapper': 'AmpOptimWrapper',
    'FiniteOptimWrapper': 'FiniteAmpOptimWrapper',
}
_AMP_ON_CPU = dict.fromkeys(
    [*_AMP_ON_GPU, *_AMP_ON_GPU.values()], 'FiniteCpuAmpOptimWrapper'
)


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


def set_resume(cfg: Config, resume: str | None) -> None:
    """Continue a training.

    Args:
        cfg: Changed in place.
        resume: A checkpoint, 'auto' for the latest of the work directory (a
            new training where there is none), or None to leave `cfg` as it is.

    Raises:
        FileNotFoundError: If a checkpoint is named that does not exist.
    """
    if resume is None:
        return
    cfg.resume = True
    cfg.load_from = None
    if resume != 'auto':
        check_checkpoint_path(resume)
        cfg.load_from = resume
