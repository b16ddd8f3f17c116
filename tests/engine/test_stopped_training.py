"""Signals to real trainings: what they leave behind, and what they say."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.processes import alive, family, wait_until

import pytest
import torch

from . import stopped_training as script

pytestmark = pytest.mark.skipif(
    sys.platform != 'linux', reason='looks for processes in /proc'
)


class Training:
    """A training in a session of its own, and all its processes."""

    def __init__(self, folder: Path, processes: int, workers: int, root: Path) -> None:
        self.folder = folder / 'work'
        launcher = 'pytorch' if processes > 1 else 'none'
        start = [sys.executable]
        if processes > 1:
            start += ['-m', 'torch.distributed.run', '--standalone']
            start += [f'--nproc_per_node={processes}']
        environment = dict(PYTHONPATH=str(root), OMP_NUM_THREADS='1')
        self.log = folder / 'log.txt'
        with self.log.open('w') as log:
            self.main = subprocess.Popen(
                [*start, script.__file__, str(self.folder), launcher, str(workers)],
                env=os.environ | environment | dict(CUDA_VISIBLE_DEVICES=''),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.ranks = wait_until(lambda: self.started(processes), 240)
        self.family = family(self.main.pid)

    def started(self, processes: int) -> list[int]:
        """Numbers of the training processes, if all have trained a little."""
        if self.main.poll() is not None:
            raise AssertionError(self.log.read_text())
        found = [int(path.stem) for path in self.folder.glob('*.started')]
        return found if len(found) == processes else []

    def end(self, seconds: float = 60) -> tuple[int, str]:
        """Exit code and text, after all processes have ended."""
        code = self.main.wait(seconds)
        wait_until(lambda: not any(map(alive, self.family)), 15)
        return code, self.log.read_text()

    def checkpoints(self) -> list[dict]:
        return [
            torch.load(path, weights_only=False)
            for path in self.folder.glob('iter_*.pth')
        ]


@pytest.fixture
def start(tmp_path, repo_root):
    """`start(processes, workers)`: a training, of which nothing is left at the end."""
    trainings = []

    def run(processes: int = 1, workers: int = 2) -> Training:
        trainings.append(Training(tmp_path, processes, workers, repo_root))
        return trainings[-1]

    yield run
    for training in trainings:
        for process in (training.main.pid, *training.family):
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
        training.main.wait()


def test_sigkill_leaves_no_workers(start):
    training = start()
    assert len(training.family) == 2
    training.main.kill()
    code, _ = training.end()
    assert code == -signal.SIGKILL


@pytest.mark.parametrize('to', ['process', 'group'])
def test_sigterm_saves(start, to):
    training = start()
    send = os.kill if to == 'process' else os.killpg
    send(training.main.pid, signal.SIGTERM)
    code, text = training.end()
    assert code == 128 + signal.SIGTERM, text
    assert 'Traceback' not in text
    (checkpoint,) = training.checkpoints()
    iteration = checkpoint['meta']['iter']
    assert f'SIGTERM ended the training after iteration {iteration}.' in text
    assert f'The last checkpoint is {training.folder}/iter_{iteration}.pth' in text


@pytest.mark.slow
def test_sigterm_to_torchrun_saves(start):
    training = start(processes=2, workers=1)
    training.main.terminate()
    _, text = training.end()
    (checkpoint,) = training.checkpoints()
    iteration = checkpoint['meta']['iter']
    assert iteration % 10 == 0
    assert f'SIGTERM ended the training after iteration {iteration}.' in text


@pytest.mark.slow
def test_sigkill_of_torchrun_ends_all_and_saves(start):
    training = start(processes=2, workers=1)
    training.main.kill()
    training.end()
    assert len(training.checkpoints()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ('number', 'what'), [(signal.SIGKILL, 'has ended'), (signal.SIGSTOP, 'is stopped')]
)
def test_lost_process_is_named(start, number, what):
    training = start(processes=2, workers=0)
    ranks = {}
    for process in training.ranks:
        text = Path(f'/proc/{process}/environ').read_text(encoding='utf-8')
        ranks[process] = int(text.split('\0RANK=')[1].split('\0')[0])
    lost = max(ranks, key=ranks.get)
    os.kill(lost, number)
    # A stopped one is found by the timeout, and killed by torchrun after 30 s more.
    code, text = training.end(120)
    assert code != 0
    assert f'The training lost rank 1 (process {lost} {what})' in text
