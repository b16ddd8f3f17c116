"""Progress of a training or test on the console."""

import sys
from collections.abc import Sequence

from mmdet.registry import HOOKS
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner
from rich.console import Console
from rich.progress import TaskID

from ...progress import progress_bar
from ..metric_table import metric_table


@HOOKS.register_module()
class ProgressBarHook(Hook):
    """Shows a bar with the time left, and the metrics of each evaluation.

    Made for `QuietRunner`, which keeps everything else off the console. The
    metrics of a test are on stdout, all else is on stderr. In a distributed run
    only the main process shows something.
    """

    # After LoggerHook, so that the log file is up to date.
    priority = 'VERY_LOW'

    def __init__(self) -> None:
        hidden = not is_main_process()
        self._bar = progress_bar(disable=hidden)
        # Taken now: during the run, `QuietRunner` sends stdout to its log file.
        self._results = Console(file=sys.stdout, quiet=hidden)
        self._training: TaskID | None = None
        self._evaluation: TaskID | None = None

    def close(self) -> None:
        """Draw the bar for the last time and give the console back."""
        self._bar.stop()

    def before_train(self, runner: Runner) -> None:
        """Show the bar, which begins where the training is resumed."""
        self._training = self._bar.add_task(
            'Training', total=runner.max_iters, completed=runner.iter
        )
        self._bar.start()

    def after_train(self, runner: Runner) -> None:
        """End at 100 %, also where the training was stopped early."""
        self._bar.update(self._training, total=runner.iter, completed=runner.iter)
        self.close()

    def before_val_epoch(self, runner: Runner) -> None:
        """Add a bar for the validation."""
        self._start_evaluation('Validating', len(runner.val_dataloader))

    def before_test_epoch(self, runner: Runner) -> None:
        """Show a bar for the test."""
        self._start_evaluation('Testing', len(runner.test_dataloader))

    def _after_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: dict | Sequence | None = None,
        mode: str = 'train',
    ) -> None:
        """Move the bar of the training or of the evaluation on."""
        self._bar.advance(self._training if mode == 'train' else self._evaluation)

    def after_val_epoch(
        self, runner: Runner, metrics: dict[str, float] | None = None
    ) -> None:
        """Show the metrics above the bar of the training, which goes on."""
        self._bar.remove_task(self._evaluation)
        if metrics and is_main_process():
            # `runner.iter` would build the loop of a training that there isn't.
            trains = self._training is not None
            title = f'Iteration {runner.iter}' if trains else None
            self._bar.console.print(metric_table(metrics, title))

    def after_test_epoch(
        self, runner: Runner, metrics: dict[str, float] | None = None
    ) -> None:
        """Show the metrics below the full bar."""
        self.close()
        if metrics:
            self._results.print(metric_table(metrics))

    def _start_evaluation(self, title: str, iterations: int) -> None:
        self._evaluation = self._bar.add_task(title, total=iterations)
        self._bar.start()
