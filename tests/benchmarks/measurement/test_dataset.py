"""Start-up and loading of a tiny dataset."""

import multiprocessing
import os
import sys

from benchmarks.measurement.dataset import (
    measure_epoch,
    measure_start,
    private_memory,
    resident_memory,
    write_synthetic_annotations,
)
from epsnet_mm.datasets import EPSNetPanopticDataset

import numpy as np
import pytest
from torch.utils.data import Dataset

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith('linux'), reason='reads /proc'
)


def test_synthetic_annotations_are_valid(tmp_path):
    write_synthetic_annotations(tmp_path, images=3, segments=5)
    dataset, found = measure_start(
        lambda: EPSNetPanopticDataset(
            ann_file='panoptic.json',
            data_root=str(tmp_path),
            data_prefix=dict(img='img', seg='seg'),
        )
    )
    assert len(dataset) == 3
    info = dataset.get_data_info(2)
    assert len(info['segments_info']) == 5
    assert 'unusable_ids' not in info
    assert found['seconds'] > 0
    assert found['before'] <= found['peak']


def grow_by_a_block(results):
    """Put how much 40 MiB raise the resident and the private memory of this process."""
    before = resident_memory(), private_memory()
    block = np.ones(40 * 2**20, np.uint8)
    results.put((resident_memory() - before[0], private_memory() - before[1]))
    assert block.all()


def test_memory_of_this_process():
    # In a new one, where nothing of other tests is freed meanwhile.
    context = multiprocessing.get_context('spawn')
    results = context.SimpleQueue()
    process = context.Process(target=grow_by_a_block, args=(results,))
    process.start()
    process.join()
    assert all(35 < value < 60 for value in results.get())


class Growing(Dataset):
    """Keeps a MiB for each sample that it has given, or nothing."""

    def __init__(self, size: int) -> None:
        self.size, self.kept, self.process = size, [], os.getpid()

    def __getitem__(self, index):
        assert os.getpid() != self.process
        self.kept.append(np.ones(self.size, np.uint8))


@pytest.mark.parametrize(('size', 'growth'), [(2**20, 35), (1, 0)])
def test_growth_in_a_worker(size, growth):
    found = measure_epoch(Growing(size), range(40), workers=1)
    assert found['late'] - found['early'] == pytest.approx(growth, abs=6)
