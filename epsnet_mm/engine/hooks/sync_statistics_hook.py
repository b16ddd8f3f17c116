"""One set of batch statistics for all processes."""

from collections.abc import Iterator

from mmdet.registry import HOOKS
from mmengine.dist import all_reduce_params, is_distributed
from mmengine.hooks import CheckpointHook, EMAHook, Hook
from mmengine.runner import IterBasedTrainLoop, Runner
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from .unwrap import unwrap


@HOOKS.register_module()
class SyncStatisticsHook(Hook):
    """Averages the running statistics of batch normalization over the processes.

    Each process of a distributed training has statistics of its own images.
    Without this hook each validates with its own, and a checkpoint holds those of
    the first process: the metrics are not those of the checkpoint. The averages
    are taken after the last iteration before a validation or a checkpoint.

    MMEngine's `SyncBuffersHook` averages after a training epoch and before a
    validation. In an iteration-based training this is after the checkpoint was
    written, and `EMAHook` has copied the statistics before that. It also averages
    frozen statistics and counters. Here only layers that are trained take part.
    """

    # Before EMAHook, which copies the statistics.
    priority = 'ABOVE_NORMAL'

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: dict | None = None,
    ) -> None:
        """Average if the statistics are read before the next iteration."""
        if is_distributed() and self._are_read_next(runner, batch_idx):
            statistics = list(self._statistics(runner))
            if statistics:
                all_reduce_params(statistics, op='mean')

    def _are_read_next(self, runner: Runner, batch_idx: int) -> bool:
        """Whether an epoch ends, or a validation or a checkpoint is due."""
        if self.is_last_train_iter(runner):
            return True
        intervals = [
            hook.interval
            for hook in runner.hooks
            if isinstance(hook, CheckpointHook) and not hook.by_epoch
        ]
        if not isinstance(runner.train_loop, IterBasedTrainLoop):
            if self.end_of_epoch(runner.train_dataloader, batch_idx):
                return True
        elif runner.val_loop is not None:
            intervals.append(runner.val_interval)
        return any(self.every_n_train_iters(runner, n) for n in intervals)

    @staticmethod
    def _statistics(runner: Runner) -> Iterator[Tensor]:
        """Mean and variance of each trained layer, of averaged models too."""
        model = unwrap(runner.model)
        trained = [name for name, layer in model.named_modules() if _is_trained(layer)]
        averaged = [
            hook.ema_model.module for hook in runner.hooks if isinstance(hook, EMAHook)
        ]
        for network in (model, *averaged):
            for name in trained:
                layer = network.get_submodule(name)
                yield from (layer.running_mean, layer.running_var)


def _is_trained(layer: nn.Module) -> bool:
    """Whether a layer updates running statistics."""
    return (
        isinstance(layer, _BatchNorm)
        and layer.training
        and layer.running_mean is not None
    )
