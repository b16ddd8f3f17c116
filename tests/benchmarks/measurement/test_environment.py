"""Facts about the machine, and its threads."""

import os

from benchmarks.measurement.environment import (
    describe_machine,
    set_threads,
    usable_cores,
)

import cv2
import pytest
import torch


def test_machine_and_versions():
    lines = describe_machine('cpu')

    assert list(lines) == ['Date', 'Processor', 'Threads', 'System', 'Versions']
    assert lines['Threads'] == str(torch.get_num_threads())
    assert f'torch {torch.__version__}' in lines['Versions']
    assert all(lines.values())


@pytest.fixture
def kept_threads():
    before = torch.get_num_threads(), cv2.getNumThreads()
    yield before
    torch.set_num_threads(before[0])
    cv2.setNumThreads(before[1])


def test_threads(kept_threads):
    set_threads(None)
    assert (torch.get_num_threads(), cv2.getNumThreads()) == kept_threads

    set_threads(2)
    assert (torch.get_num_threads(), cv2.getNumThreads()) == (2, 2)


def test_cores_that_this_process_is_kept_off_do_not_count(monkeypatch):
    monkeypatch.setattr(os, 'sched_getaffinity', lambda pid: {3}, raising=False)

    assert usable_cores() == 1
    assert describe_machine('cpu')['Processor'].endswith(', 1 cores')
