"""The end of a training that is asked to end."""

import signal
import threading

import torch
from mmdet.registry import HOOKS
from mmengine.dist import all_reduce, is_distributed
from mmengine.hooks import Hook
from mmengine.runner import Runner

from .atomic_checkpoint_hook import AtomicCheckpointHook


@HOOKS.register_module()
class StopOnSignalHook(Hook):
    """Ends a training after the iteration in which SIGTERM comes.

    The exit code is 143, as if the signal had ended the process. Further SIGTERMs
    change nothing, because a scheduler, `torchrun` and the system may each send one.
    During a validation the training ends at once, without a checkpoint.

    Several processes end after the same iteration. They compare notes every
    `interval` iterations, because this makes a GPU wait.

    Args:
        save: Whether to write a checkpoint first; needs `AtomicCheckpointHook`.
        interval: Iterations between two agreements of several processes.
    """

    # After the hooks that save.
    priority = 'LOWEST'

    def __init__(self, save: bool = False, interval: int = 10) -> None:
        self._save = save
        self._interval = interval
        self._asked = False
        self._previous = None

    def before_train(self, runner: Runner) -> None:
        """Listen to the signal. Python allows that in the main thread only."""
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGTERM, self._ask)

    def after_train(self, runner: Runner) -> None:
        """Listen no more."""
        if self._previous is not None:
            signal.signal(signal.SIGTERM, self._previous)
            self._previous = None

    def _ask(self, number: int, frame: object) -> None:
        self._asked = True

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: dict | None = None,
    ) -> None:
        """End the training if one of the processes was asked to.

        Raises:
            SystemExit: If so.
        """
        if not self._agree(runner):
            return
        if self._save:
            for hook in runner.hooks:
                if isinstance(hook, AtomicCheckpointHook):
                    hook.save_now(runner)
        self._leave(runner, f'after iteration {runner.iter + 1}')

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: list | None = None,
    ) -> None:
        """End the training; nothing was trained that could be saved.

        Raises:
            SystemExit: If this process was asked to end.
        """
        if self._asked:
            self._leave(runner, 'during a validation')

    def _agree(self, runner: Runner) -> bool:
        """Whether all processes end after this iteration."""
        if not is_distributed():
            return self._asked
        if not self.every_n_train_iters(runner, self._interval):
            return False
        asked = torch.tensor(int(self._asked))
        all_reduce(asked, op='max')
        return bool(asked)

    @staticmethod
    def _leave(runner: Runner, when: str) -> None:
        last = runner.message_hub.get_info('last_ckpt')
        runner.logger.warning(
            f'SIGTERM ended the training {when}. '
            + (
                f'The last checkpoint is {last}; continue with --resume.'
                if last
                else 'There is no checkpoint yet.'
            )
        )
        raise SystemExit(128 + signal.SIGTERM)
