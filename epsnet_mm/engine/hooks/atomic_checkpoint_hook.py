"""Checkpoints that survive a kill at any time."""

from collections import deque
from pathlib import Path

from mmdet.registry import HOOKS
from mmengine.dist import is_main_process
from mmengine.fileio import LocalBackend
from mmengine.hooks import CheckpointHook
from mmengine.runner import Runner

from ..atomic_local_backend import AtomicLocalBackend


@HOOKS.register_module()
class AtomicCheckpointHook(CheckpointHook):
    """`CheckpointHook` after which there is always a complete checkpoint.

    Differs from its parent in that

    - local files are written under a temporary name, synced and renamed, also
      `last_checkpoint`, which the parent empties before it writes;
    - outdated checkpoints are removed after the new one is there, not before;
    - the best checkpoint is found again after the work directory was moved.

    Args:
        backend_args: As of the parent. Without it a local disk is an
            `AtomicLocalBackend`.
        out_dir: As of the parent.
        **kwargs: As of the parent.
    """

    def __init__(
        self,
        *,
        backend_args: dict | None = None,
        out_dir: str | None = None,
        **kwargs,
    ) -> None:
        is_local = '://' not in str(out_dir)
        if backend_args is None and 'file_client_args' not in kwargs and is_local:
            backend_args = dict(backend=AtomicLocalBackend.__name__)
        super().__init__(backend_args=backend_args, out_dir=out_dir, **kwargs)
        self._last_iter: int | None = None

    def before_train(self, runner: Runner) -> None:
        """Clear up what a killed training left, and find its best checkpoint."""
        super().before_train(runner)
        if not isinstance(self.file_backend, LocalBackend):
            return
        if is_main_process():
            checkpoints = Path(self.out_dir).glob('.*.pth.*.partial')
            pointers = Path(runner.work_dir).glob('.last_checkpoint.*.partial')
            for partial in (*checkpoints, *pointers):
                partial.unlink(missing_ok=True)
        self._best_paths = [self._in_out_dir(path) for path in self._best_paths]

    def save_now(self, runner: Runner) -> str:
        """Save after this iteration, whatever the schedule says.

        A training that counts epochs keeps this checkpoint beside those of its
        epochs, as `iter_*.pth`.

        Returns:
            The path of the checkpoint.
        """
        if self._last_iter != runner.iter + 1:
            if self.by_epoch:
                meta = dict(epoch=runner.epoch, iter=runner.iter + 1)
                self._write(runner, f'iter_{runner.iter + 1}.pth', meta)
            else:
                self._save_checkpoint(runner)
        return self.last_ckpt

    def _save_checkpoint_with_step(self, runner: Runner, step: int, meta: dict) -> None:
        """Save, and then remove the checkpoints that are too many.

        Args:
            runner: The runner to save.
            step: Epoch or iteration in the name of the file.
            meta: Goes into the checkpoint.
        """
        outdated = []
        if self.max_keep_ckpts > 0 and step not in self.keep_ckpt_ids:
            steps = [*self.keep_ckpt_ids, step]
            outdated = steps[: -self.max_keep_ckpts]
            self.keep_ckpt_ids = deque(steps, self.max_keep_ckpts)
            runner.message_hub.update_info('keep_ckpt_ids', list(self.keep_ckpt_ids))
        self._write(runner, self.filename_tmpl.format(step), meta)
        for old in outdated:
            self._remove(
                self.file_backend.join_path(
                    self.out_dir, self.filename_tmpl.format(old)
                )
            )

    def _write(self, runner: Runner, name: str, meta: dict) -> None:
        """Write a checkpoint, and its path to `last_checkpoint`."""
        self.last_ckpt = self.file_backend.join_path(self.out_dir, name)
        self._last_iter = meta['iter']
        runner.message_hub.update_info('last_ckpt', self.last_ckpt)
        runner.save_checkpoint(
            self.out_dir,
            name,
            self.file_client_args,
            save_optimizer=self.save_optimizer,
            save_param_scheduler=self.save_param_scheduler,
            meta=meta,
            by_epoch=self.by_epoch,
            backend_args=self.backend_args,
            **self.args,
        )
        if is_main_process():
            # The work directory is local, wherever checkpoints go.
            AtomicLocalBackend().put_text(
                self.last_ckpt, Path(runner.work_dir, 'last_checkpoint')
            )

    def _save_best_checkpoint(self, runner: Runner, metrics: dict) -> None:
        """Save if a metric is the best so far, and then remove the previous best.

        Args:
            runner: The runner to save.
            metrics: Of the evaluation.
        """
        before = self._best_paths
        # The parent would remove them first.
        self._best_paths = [None] * len(before)
        super()._save_best_checkpoint(runner, metrics)
        after = self._best_paths
        self._best_paths = [new or old for old, new in zip(before, after, strict=True)]
        for old, new in zip(before, after, strict=True):
            if old and new and new != old:
                self._remove(old)

    @property
    def _best_paths(self) -> list[str | None]:
        """Paths of the best checkpoints, one for each metric of `save_best`."""
        if not self.save_best:
            return []
        if len(self.key_indicators) == 1:
            return [self.best_ckpt_path]
        return [self.best_ckpt_path_dict[key] for key in self.key_indicators]

    @_best_paths.setter
    def _best_paths(self, paths: list[str | None]) -> None:
        if not self.save_best:
            return
        if len(self.key_indicators) == 1:
            (self.best_ckpt_path,) = paths
        else:
            self.best_ckpt_path_dict = dict(
                zip(self.key_indicators, paths, strict=True)
            )

    def _in_out_dir(self, path: str | None) -> str | None:
        """Where a checkpoint is now, if its folder was moved."""
        if path and not self.file_backend.isfile(path):
            moved = self.file_backend.join_path(self.out_dir, Path(path).name)
            if self.file_backend.isfile(moved):
                return moved
        return path

    def _remove(self, path: str) -> None:
        """Remove a checkpoint, which DeepSpeed writes as a folder."""
        if not is_main_process():
            return
        if self.file_backend.isfile(path):
            self.file_backend.remove(path)
        elif self.file_backend.isdir(path):
            self.file_backend.rmtree(path)
