from epsnet_runtime.coco.segment_runs import find_runs, measure_segments

import numpy as np


def test_find_runs():
    first = np.array([[5, 5, 5], [5, 6, 6]])
    second = np.array([[1, 1, 2], [2, 2, 2]])
    starts, lengths = find_runs(first)
    assert (starts.tolist(), lengths.tolist()) == ([0, 4], [4, 2])
    starts, lengths = find_runs(first, second)
    assert (starts.tolist(), lengths.tolist()) == ([0, 2, 4], [2, 2, 2])


def test_measures():
    # 5 has two parts and ends where the row ends; 3 starts where one starts.
    ids = np.array([[0, 0, 5, 5], [3, 3, 0, 5], [3, 0, 5, 0]])
    assert measure_segments(ids) == {5: (4, [2, 0, 2, 3]), 3: (3, [0, 1, 2, 2])}
    assert measure_segments(np.zeros((2, 2), int)) == {}
