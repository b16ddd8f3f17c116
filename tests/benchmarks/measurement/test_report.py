"""Tables and files of made-up measurements."""

import csv

from benchmarks.measurement.evaluation import Comparison
from benchmarks.measurement.latency import Latency, Settings
from benchmarks.measurement.postprocess import PostprocessCost
from benchmarks.measurement.report import (
    evaluation_report,
    header,
    latency_rows,
    markdown_table,
    plot_stages,
    postprocess_header,
    postprocess_rows,
    training_report,
    write_csv,
)
from benchmarks.measurement.statistics import Summary

import pytest

MACHINE = {'Processor': 'abacus'}


def latency(title, network):
    stages = {
        'preprocess': Summary(1, 2),
        'network': Summary(network, 2 * network),
        'post-process': Summary(3, 4),
    }
    return Latency(title, stages, Summary(network + 5, 2 * network + 6), memory=12.34)


RESULTS = [latency('EPSNet R101', 45), latency('Panoptic FPN R101', 95)]


def test_rows_by_hand():
    first, second = latency_rows(RESULTS, batch_size=2)

    assert first == {
        'detector': 'EPSNet R101',
        'preprocess (ms)': '1.0 / 2.0',
        'network (ms)': '45.0 / 90.0',
        'post-process (ms)': '3.0 / 4.0',
        'whole (ms)': '50.0 / 96.0',
        'images/s': '40.00',
        'memory (MiB)': '12',
        'x Panoptic FPN R101': '0.50',
    }
    assert second['x Panoptic FPN R101'] == '1.00'


def test_table_by_hand():
    table = markdown_table([{'a': '1', 'b': '2'}, {'a': '3', 'b': '4'}])

    assert table == '| a | b |\n| --- | ---: |\n| 1 | 2 |\n| 3 | 4 |\n'


def test_header_says_what_was_run():
    text = header(
        MACHINE,
        Settings(precision='bf16', fuse_conv_bn=True, iters=7, detections=30),
        'python x.py',
    )

    for part in (
        'abacus',
        'bf16, conv-BN folded',
        '640 x 480',
        '550 x 550',
        '7, after 3',
        '`python x.py`',
        'same 30 boxes',
        'Not timed',
    ):
        assert part in text
    assert 'network input 480 x 360 px' in header(
        MACHINE, Settings(input_size=(360, 480)), 'python x.py'
    )


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


def test_postprocess():
    parts = dict(detection=Summary(1, 2), masks=Summary(3, 4), fusion=Summary(5, 6))
    cost = PostprocessCost(10, (480, 640), parts, Summary(9, 12), memory=3.5)

    (row,) = postprocess_rows([cost])

    assert row == {
        'image': '640 x 480',
        'instances': '10',
        'detection (ms)': '1.0',
        'masks (ms)': '3.0',
        'fusion (ms)': '5.0',
        'whole (ms)': '9.0 / 12.0',
        'memory (MiB)': '3.5',
    }
    assert 'NMS: fast_nms' in postprocess_header(MACHINE, 'fast_nms', 5, 1, 'x')


def test_training():
    measured = dict(data=Summary(1, 2), whole=Summary(3, 4), memory=5.0)

    text = training_report(measured, MACHINE, 'epsnet', 2, 5, 1, 'python x.py')

    assert '| data | 1.0 / 2.0 |\n| whole | 3.0 / 4.0 |\n' in text
    assert 'epsnet, batch 2' in text
    assert '5 MiB' in text


def test_evaluation():
    decoding = Comparison(Summary(2, 2), Summary(2, 2))
    loading = Comparison(Summary(8, 9), Summary(3, 3))

    text = evaluation_report(
        dict(decoding=decoding, loading=loading), MACHINE, 50, 3, 'python x.py'
    )

    # 8 / 3, and 6 / 1 without what both spend on decoding.
    assert '| loading | 8.0 / 9.0 | 3.0 / 3.0 | 2.7 | 6.0 |' in text
    assert '| decoding | 2.0 / 2.0 | 2.0 / 2.0 | 1.0 |  |' in text


def test_no_ratio_without_a_peer():
    (row,) = latency_rows(RESULTS[:1], batch_size=1)

    assert not [column for column in row if column.startswith('x ')]
    assert float(row['images/s']) == pytest.approx(20)
