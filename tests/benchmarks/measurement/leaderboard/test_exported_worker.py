"""What a row's process answers."""

import io
import json

from benchmarks.measurement.leaderboard.exported_worker import file_megabytes, serve

import numpy as np


def test_answers():
    calls, out = [], io.StringIO()

    def predict():
        calls.append(1)
        return np.array([[0, 1, 1], [2, 2, 7]])

    serve(predict, dict(precision='fp32'), out, lines=['2\n', '3\n'])

    first, *times, memory = map(json.loads, out.getvalue().splitlines())
    assert first['precision'] == 'fp32'
    assert (first['segments'], first['map_size']) == (4, [2, 3])
    assert first['first'] >= 0
    assert [len(x) for x in times] == [2, 3]
    assert memory is None or memory > 0
    # Two that warm up, one that is timed, and those that were asked for.
    assert len(calls) == 2 + 1 + 5


def test_size_of_an_openvino_network_counts_its_weights(tmp_path):
    network = tmp_path / 'a.xml'
    network.write_bytes(bytes(1000))
    network.with_suffix('.bin').write_bytes(bytes(5000))

    assert file_megabytes(network) == 0.006
