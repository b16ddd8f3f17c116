"""A few stops of a real training, and planted faults, which must be reported."""

import json
import os
import signal
import sys

from tests.engine.resumed_training import make_data
from tests.fuzz.outcomes import CRASH, FINE, SILENT

import pytest

from .stops import Stop, run_stop
from .training import Training, end_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != 'linux', reason='looks for processes in /proc'),
]


@pytest.fixture(scope='module')
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp('chaos') / 'data'
    make_data(folder)
    return folder


@pytest.fixture(scope='module')
def whole(data, tmp_path_factory):
    """A training that ran through."""
    training = Training(data, tmp_path_factory.mktemp('whole'), 'iter')
    assert end_of(training.start(), 180) == 0, training.log.read_text()
    return training


def test_writes_are_found(whole):
    opens = json.loads(whole.events.read_text())
    # At least the three checkpoints and their pointers, written and renamed.
    assert opens.count(True) >= 6
    assert opens.count(False) >= 6


@pytest.mark.parametrize(
    'stop',
    [
        Stop('iter', kill_at=12),
        Stop('iter', kill_at=12, torn=True),
        Stop('iter', signal=signal.SIGTERM, delay=1),
    ],
)
def test_stopped_and_resumed(stop, data, whole, tmp_path):
    assert run_stop(stop, data, tmp_path / 'stopped', whole.result()) == (FINE, '')


def test_planted_difference_is_silent(data, whole, tmp_path):
    expected = whole.result()
    next(iter(expected['state_dict'].values())).add_(1e-3)
    outcome, detail = run_stop(Stop('iter', 5), data, tmp_path / 'stopped', expected)
    assert outcome == SILENT
    assert 'differs' in detail


def test_planted_bad_pointer_is_silent(data, whole, tmp_path, monkeypatch):
    end = Training.last_checkpoint

    def spoiled(self):
        (self.work_dir / 'last_checkpoint').write_text('')
        return end(self)

    monkeypatch.setattr(Training, 'last_checkpoint', spoiled)
    outcome, detail = run_stop(Stop('iter', 20), data, tmp_path / 's', {})
    assert outcome == SILENT
    assert 'which is no file' in detail


def test_planted_failure_to_resume_is_a_crash(data, tmp_path, monkeypatch):
    start = Training.start

    def failing(self, *args, **kwargs):
        if self.events.parent.joinpath('log.txt').exists():
            process = os.fork()
            return process or os._exit(3)
        return start(self, *args, **kwargs)

    monkeypatch.setattr(Training, 'start', failing)
    outcome, detail = run_stop(Stop('iter', 3), data, tmp_path / 'stopped', {})
    assert outcome == CRASH
    assert 'resuming ends with 3' in detail
