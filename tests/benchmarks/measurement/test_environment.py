"""Facts about the machine, and its threads."""

from benchmarks.measurement.environment import describe_machine, set_threads

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
