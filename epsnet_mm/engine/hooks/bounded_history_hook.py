"""Logged numbers whose history has an end."""

from collections.abc import Sequence

from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner


@HOOKS.register_module()
class BoundedHistoryHook(Hook):
    """Keeps as much of the history of logged numbers as the log needs.

    MMEngine keeps the last million values of each number, copies them at every
    update and writes them into every checkpoint. After a million iterations this
    costs 10 ms an iteration and 128 MB a checkpoint. What is logged depends on
    the last few values only: `log_processor.window_size` of them, and the whole
    epoch for the times of an evaluation. This hook drops what is older, so that
    the log stays the same.

    Numbers for which `log_processor.custom_cfg` asks for statistics of the whole
    training are left as they are.
    """

    def __init__(self) -> None:
        self._lengths: dict[str, int] = {}

    def before_train(self, runner: Runner) -> None:
        """Set the length, and shorten what a resumed checkpoint has brought."""
        self._set_length(runner, 'train', len(runner.train_dataloader))
        self._bound(runner, 'train')

    def before_val(self, runner: Runner) -> None:
        """Set the length."""
        self._set_length(runner, 'val', len(runner.val_dataloader))
        self._bound(runner, 'val')

    def before_test(self, runner: Runner) -> None:
        """Set the length."""
        self._set_length(runner, 'test', len(runner.test_dataloader))
        self._bound(runner, 'test')

    def _after_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: Sequence | dict | None = None,
        mode: str = 'train',
    ) -> None:
        """Bound the numbers that were logged for the first time."""
        self._bound(runner, mode)

    def _set_length(self, runner: Runner, mode: str, iterations: int) -> None:
        """Number of values that the log needs of each number of a mode.

        Args:
            runner: Its log processor says what is logged.
            mode: 'train', 'val' or 'test'.
            iterations: In an epoch.
        """
        # MMEngine's window of an evaluation is one value longer than its epoch.
        epoch = iterations + 1
        windows = [runner.log_processor.window_size]
        # An evaluation ends with its mean times, a training epoch does not.
        if mode != 'train':
            windows.append(epoch)
        for entry in runner.log_processor.custom_cfg:
            window = entry.get('window_size')
            windows.append(epoch if window == 'epoch' else window)
        self._lengths[mode] = max(n for n in windows if isinstance(n, int))

    def _bound(self, runner: Runner, mode: str) -> None:
        unbounded = {
            f'{mode}/{entry["data_src"].removeprefix(f"{mode}/")}'
            for entry in runner.log_processor.custom_cfg
            if entry.get('window_size', 'global') == 'global'
        }
        scalars = runner.message_hub.log_scalars
        length = self._lengths[mode]
        for name, buffer in scalars.items():
            if (
                buffer.max_length == length
                or not name.startswith(f'{mode}/')
                or name in unbounded
            ):
                continue
            values, counts = buffer.data
            scalars[name] = HistoryBuffer(values[-length:], counts[-length:], length)
