"""Peaks of known size."""

from benchmarks.measurement.memory import peak_memory

import pytest
import torch

MEBIBYTE = 2**20


def test_tensors_held_at_the_same_time():
    def work():
        first = torch.empty(4 * MEBIBYTE, dtype=torch.uint8)
        second = torch.empty(2 * MEBIBYTE, dtype=torch.uint8)
        del first, second
        torch.empty(3 * MEBIBYTE, dtype=torch.uint8)

    assert peak_memory(work, 'cpu') == pytest.approx(6, abs=0.01)


def test_what_is_there_already_does_not_count():
    held = [torch.empty(4 * MEBIBYTE, dtype=torch.uint8)]

    def work():
        held.append(torch.empty(MEBIBYTE, dtype=torch.uint8))

    assert peak_memory(work, 'cpu') == pytest.approx(1, abs=0.01)


def test_no_allocation():
    assert peak_memory(lambda: None, 'cpu') == 0
