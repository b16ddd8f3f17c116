"""Reports of invented measurements."""

from benchmarks.measurement.attention import AttentionCost
from benchmarks.measurement.evaluation import Comparison
from benchmarks.measurement.latency import Latency, Settings
from benchmarks.measurement.postprocess import PostprocessCost
from benchmarks.measurement.report import (
    attention_table,
    evaluation_report,
    latency_report,
    latency_rows,
    postprocess_report,
    schedule_line,
    training_report,
)
from benchmarks.measurement.statistics import Summary
from benchmarks.measurement.training import TrainingCost, TrainingSettings

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


def test_latency_says_what_was_run():
    text = latency_report(
        RESULTS,
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
        '\n| EPSNet R101 | 1.0 / 2.0 | 45.0 / 90.0 |',
    ):
        assert part in text
    assert 'network input 480 x 360 px' in latency_report(
        RESULTS, MACHINE, Settings(input_size=(360, 480)), 'python x.py'
    )


def test_postprocess():
    parts = dict(detection=Summary(1, 2), masks=Summary(3, 4), fusion=Summary(5, 6))
    cost = PostprocessCost(10, (480, 640), parts, Summary(9, 12), memory=3.5)

    text = postprocess_report([cost], MACHINE, 'fast_nms', 5, 1, 'x')

    assert text.splitlines()[-3:] == [
        '| image | instances | detection (ms) | masks (ms) | fusion (ms) | whole (ms) '
        '| memory (MiB) |',
        '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
        '| 640 x 480 | 10 | 1.0 | 3.0 | 5.0 | 9.0 / 12.0 | 3.5 |',
    ]
    assert 'NMS: fast_nms' in text


COST = TrainingCost(dict(data=Summary(1, 2)), Summary(3, 4), 2.5, memory=5.0)


def test_training():
    settings = TrainingSettings(batch_size=4, amp=True, compile=True)

    text = training_report(COST, MACHINE, 'epsnet', settings, 'python x.py')

    assert text.endswith('| data | 1.0 / 2.0 |\n| whole | 3.0 / 4.0 |')
    for part in (
        'epsnet, batch 4',
        'Precision: mixed, torch.compile\n',
        '5 MiB',
        '2.50 images/s',
    ):
        assert part in text


def test_schedule():
    """At 2.5 images/s an hour has 9,000 images."""
    assert schedule_line('epsnet', 18_000_000, COST) == (
        'Schedule of epsnet: 18,000,000 images, 2,000.0 hours on one device like '
        'this, without validation.'
    )


def test_attention():
    table = attention_table([AttentionCost(550, 'ours', 20.6, 101.5)])

    assert table.splitlines()[-1] == '| 550 x 550 | ours | 21 | 102 |'


def test_evaluation():
    decoding = Comparison(Summary(2, 2), Summary(2, 2))
    loading = Comparison(Summary(8, 9), Summary(3, 3))

    text = evaluation_report(
        dict(decoding=decoding, loading=loading), MACHINE, 50, 3, 'python x.py'
    )

    # 8 / 3, and 6 / 1 without what both spend on decoding.
    assert '| loading | 8.0 / 9.0 | 3.0 / 3.0 | 2.7 | 6.0 |' in text
    assert '| decoding | 2.0 / 2.0 | 2.0 / 2.0 | 1.0 |  |' in text


def test_no_ratio_without_a_baseline():
    (row,) = latency_rows(RESULTS[:1], batch_size=1)

    assert not [column for column in row if column.startswith('x ')]
    assert float(row['images/s']) == pytest.approx(20)
