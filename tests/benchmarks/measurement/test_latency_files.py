"""Files of invented measurements."""

import csv

from benchmarks.measurement.latency import Latency
from benchmarks.measurement.latency_files import plot_stages, write_csv
from benchmarks.measurement.statistics import Summary

STAGES = {
    'preprocess': Summary(1, 2),
    'network': Summary(45, 90),
    'post-process': Summary(3, 4),
}
RESULTS = [
    Latency('EPSNet R101', STAGES, Summary(50, 96), memory=12.34),
    Latency('Panoptic FPN R101', STAGES, Summary(50, 96), memory=12.34),
]


def test_csv(tmp_path):
    write_csv(tmp_path / 'x.csv', RESULTS)

    rows = list(csv.DictReader((tmp_path / 'x.csv').open()))
    assert [row['detector'] for row in rows] == ['EPSNet R101', 'Panoptic FPN R101']
    assert float(rows[0]['network_median_ms']) == 45
    assert float(rows[0]['post-process_p95_ms']) == 4
    assert float(rows[0]['whole_p95_ms']) == 96
    assert float(rows[0]['memory_mib']) == 12.3


def test_plot_is_a_picture(tmp_path):
    plot_stages(tmp_path / 'x.png', RESULTS, 'abacus')

    assert (tmp_path / 'x.png').read_bytes().startswith(b'\x89PNG')
