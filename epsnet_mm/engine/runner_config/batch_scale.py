"""The schedule of a config for another total batch size."""

import os

from mmengine.config import Config
from mmengine.logging import print_log

# Where each launcher tells the number of processes.
_PROCESSES = dict(
    pytorch='WORLD_SIZE', slurm='SLURM_NTASKS', mpi='OMPI_COMM_WORLD_SIZE'
)
# Entries of learning rate schedules that are numbers of iterations.
_ITERATIONS = ('begin', 'end', 'T_max', 'step_size', 'total_steps')
_LISTS_OF_ITERATIONS = ('milestones', 'periods')
# These change the rate at each iteration or evaluation, by a factor.
_UNSCALED = ('ExponentialLR', 'ReduceOnPlateauLR')
# A warm-up takes at most this share of the training.
_LONGEST_WARM_UP = 0.05


def count_processes(launcher: str) -> int:
    """Number of processes of a training, before they have met.

    Args:
        launcher: 'none', 'pytorch', 'slurm' or 'mpi'.
    """
    return int(os.environ.get(_PROCESSES.get(launcher, ''), 1))


def enable_auto_scale_lr(cfg: Config, processes: int = 1) -> None:
    """Fit the learning rate and the schedule to the total batch size.

    The factor is total batch size / `auto_scale_lr.base_batch_size`. The rate is
    multiplied by it (Goyal et al., "Accurate, Large Minibatch SGD", 2017). If the
    config counts epochs, that is all, and the Runner does it.

    If the config counts iterations, their number is divided by the factor, so that
    the epochs stay the same: the length of the training, the steps of the rate, and
    the intervals of validation and checkpoints. Averages of the weights (`EMAHook`)
    reach as many images into the past as before. `cfg` is then the config of the
    new batch size, and using it again changes nothing.

    For a larger batch the rate rises from the same start as slowly as before, in
    more iterations, up to 5 % of the training. `auto_scale_lr.clip_grad` becomes
    the optimizer's `clip_grad`, if it has none.

    Args:
        cfg: Changed in place.
        processes: Each loads `train_dataloader.batch_size` images.

    Raises:
        ValueError: If the config does not say its base batch size, or has a
            schedule that cannot be converted.
    """
    if 'base_batch_size' not in cfg.get('auto_scale_lr', {}):
        raise ValueError(
            '--auto-scale-lr needs auto_scale_lr.base_batch_size in the '
            'config: the total batch size that its learning rate is for.'
        )
    if _counts_epochs(cfg):
        cfg.auto_scale_lr.enable = True
        return
    batch_size = processes * cfg.train_dataloader.batch_size
    factor = batch_size / cfg.auto_scale_lr.base_batch_size
    if factor != 1:
        _scale_loop(cfg, factor)
        for scheduler in _schedulers(cfg):
            _scale_scheduler(scheduler, factor, cfg.train_cfg.max_iters)
        _scale_hooks(cfg, factor)
        _scale_optimizer(cfg, factor)
    # The rate is that of the new batch size now, so the Runner leaves it alone.
    cfg.auto_scale_lr.update(enable=False, base_batch_size=batch_size)
    print_log(
        f'Scaled the schedule to a total batch size of {batch_size}, by {factor:g}: '
        f'{cfg.train_cfg.max_iters} iterations, learning rate '
        f'{cfg.optim_wrapper.optimizer.lr:g}, '
        f'clip_grad {cfg.optim_wrapper.get("clip_grad")}.',
        logger='current',
    )


def _counts_epochs(cfg: Config) -> bool:
    loop = cfg.get('train_cfg', {})
    return loop.get('by_epoch', loop.get('type') != 'IterBasedTrainLoop')


def _divide(iterations: int, factor: float) -> int:
    """A number of iterations for a batch `factor` times as large."""
    return max(1, round(iterations / factor)) if iterations > 0 else iterations


def _scale_loop(cfg: Config, factor: float) -> None:
    loop = cfg.train_cfg
    for key in ('max_iters', 'val_interval'):
        if key in loop:
            loop[key] = _divide(loop[key], factor)
    # The first iteration that may be followed by a validation.
    if loop.get('val_begin', 1) > 1:
        loop.val_begin = _divide(loop.val_begin, factor)
    if loop.get('dynamic_intervals'):
        loop.dynamic_intervals = [
            (_divide(begin, factor), _divide(interval, factor))
            for begin, interval in loop.dynamic_intervals
        ]


def _schedulers(cfg: Config) -> list[dict]:
    """The schedulers that count iterations."""
    schedulers = cfg.get('param_scheduler') or []
    if isinstance(schedulers, dict):
        schedulers = [schedulers]
    return [each for each in schedulers if not each.get('by_epoch', True)]


def _scale_scheduler(scheduler: dict, factor: float, max_iters: int) -> None:
    """Convert the iterations of a scheduler, and lengthen it if it is a warm-up.

    Args:
        scheduler: Changed in place.
        factor: New batch size / old one.
        max_iters: Of the converted training.
    """
    if scheduler['type'] in _UNSCALED:
        raise ValueError(
            f'--auto-scale-lr cannot convert {scheduler["type"]} in param_scheduler; '
            'write a config for this batch size, or leave out --auto-scale-lr.'
        )
    if scheduler['type'] == 'LinearLR' and scheduler.get('begin', 0) == 0:
        if factor > 1:
            length = scheduler['end']
            longest = max(length, int(_LONGEST_WARM_UP * max_iters))
            scheduler['end'] = min(round(length * factor), longest)
            # MMEngine's default is a third.
            scheduler['start_factor'] = scheduler.get('start_factor', 1 / 3) / factor
        return
    for key in _ITERATIONS:
        if isinstance(scheduler.get(key), int):
            scheduler[key] = _divide(scheduler[key], factor)
    for key in _LISTS_OF_ITERATIONS:
        if key in scheduler:
            scheduler[key] = [_divide(n, factor) for n in scheduler[key]]


def _scale_hooks(cfg: Config, factor: float) -> None:
    checkpoint = cfg.get('default_hooks', {}).get('checkpoint')
    if checkpoint and not checkpoint.get('by_epoch', True):
        for key in ('interval', 'save_begin'):
            if key in checkpoint:
                checkpoint[key] = _divide(checkpoint[key], factor)
    for hook in cfg.get('custom_hooks') or []:
        if hook['type'] == 'EMAHook':
            _scale_average(hook, factor)


def _scale_average(hook: dict, factor: float) -> None:
    """Let an average of the weights reach as many images into the past.

    One step of the new average is `factor` steps of the old one (Busbridge et al.,
    "How to Scale Your EMA", 2023).
    """
    if 'begin_iter' in hook:
        hook['begin_iter'] = _divide(hook['begin_iter'], factor)
    # The defaults are MMEngine's.
    momentum = hook.get('momentum', 0.0002)
    hook['momentum'] = 1 - (1 - momentum) ** factor
    if hook.get('ema_type') == 'ExpMomentumEMA':
        hook['gamma'] = _divide(hook.get('gamma', 2000), factor)
    print_log(
        f'Scaled the momentum of EMAHook from {momentum:g} to {hook["momentum"]:g}.',
        logger='current',
    )


def _scale_optimizer(cfg: Config, factor: float) -> None:
    wrapper = cfg.optim_wrapper
    wrapper.optimizer.lr *= factor
    clip_grad = cfg.auto_scale_lr.get('clip_grad')
    if factor > 1 and clip_grad and not wrapper.get('clip_grad'):
        wrapper.clip_grad = clip_grad
