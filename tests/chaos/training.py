"""A training of a second that is stopped and resumed, each time in a forked process."""

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from epsnet_mm.engine import runner_config
from epsnet_mm.engine.safe_load import install_safe_load
from tests.engine.resumed_training import LAST, config
from tests.processes import session_members, wait_until

import mmengine.runner.runner
import torch
from mmengine.runner import Runner

from .writes import Writes


class Training:
    """A training in a session of its own.

    Args:
        data: Dataset, of `tests.engine.resumed_training`.
        folder: Its work directory and log are there.
        loop: 'iter' or 'epoch'.
    """

    def __init__(self, data: Path, folder: Path, loop: str) -> None:
        self.data = data
        self.work_dir = folder / 'work'
        self.loop = loop
        self.log = folder / 'log.txt'
        self.events = folder / 'events.json'
        folder.mkdir(parents=True, exist_ok=True)

    def start(self, kill_at: int | None = None, torn: bool = False) -> int:
        """Train, or go on from the latest checkpoint; gives the process."""
        sys.stdout.flush()
        process = os.fork()
        if process:
            return process
        os.setsid()
        # The threads of OpenMP, which the tests before this one may have started, are
        # not in the fork. It would wait for them.
        torch.set_num_threads(1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(log, stream)
        code = 1
        try:
            self._train(kill_at, torn)
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
            print(error)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _train(self, kill_at: int | None, torn: bool) -> None:
        writes = Writes(self.work_dir, kill_at, torn)
        writes.watch()
        install_safe_load()
        cfg = config(self.data, self.work_dir, self.loop, workers=1)
        cfg.default_hooks.checkpoint.max_keep_ckpts = 1
        for loader in (cfg.train_dataloader, cfg.val_dataloader):
            # As in all configs.
            loader.worker_init_fn = dict(type='end_with_training')
        runner_config.enable_save_on_signal(cfg)
        runner_config.set_resume(cfg, 'auto')
        # Asks other programs about the machine, which takes longer than the training.
        mmengine.runner.runner.collect_env = dict
        Runner.from_cfg(cfg).train()
        self.events.write_text(json.dumps(writes.events))

    def result(self) -> dict:
        """What the finished training has learned."""
        checkpoint = torch.load(self.last_checkpoint(), weights_only=False)
        if checkpoint['meta']['iter'] != LAST:
            raise AssertionError(f'ended after iteration {checkpoint["meta"]["iter"]}')
        keys = ('state_dict', 'ema_state_dict', 'optimizer')
        return {key: checkpoint[key] for key in keys}

    def last_checkpoint(self) -> Path | None:
        """The checkpoint that `last_checkpoint` names, None if it names none yet."""
        pointer = self.work_dir / 'last_checkpoint'
        if not pointer.exists():
            return None
        path = Path(pointer.read_text(encoding='utf-8').strip())
        if not path.is_file():
            raise AssertionError(
                f'last_checkpoint names {str(path)!r}, which is no file'
            )
        return path


def end_of(process: int, seconds: float) -> int:
    """Exit code of a training, negative for a signal.

    Raises:
        AssertionError: It does not end, or leaves processes behind.
    """
    code = wait_until(lambda: _ended(process), seconds)[0]
    try:
        wait_until(lambda: not session_members(process), 5)
    except AssertionError:
        orphans = session_members(process)
        for each in orphans:
            os.kill(each, signal.SIGKILL)
        raise AssertionError(f'{len(orphans)} processes were left behind') from None
    return code


def _ended(process: int) -> tuple[int] | None:
    pid, status = os.waitpid(process, os.WNOHANG)
    return (os.waitstatus_to_exitcode(status),) if pid else None
