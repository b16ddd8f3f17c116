"""Latency of a small detector on small images."""

from pathlib import Path

from benchmarks.measurement import latency
from benchmarks.measurement.latency import (
    Pipeline,
    Settings,
    measure_isolated,
    measure_latency,
    synthetic_image,
)

import numpy as np
import pytest
import torch

CONFIGS = Path(__file__).parents[3] / 'configs'
SMALL = str(CONFIGS / '_base_/models/epsnet_r18_fpn.py')
SETTINGS = Settings(
    input_size=(96, 96), image_size=(60, 80), iters=2, warmup=1, detections=5
)


@pytest.fixture(autouse=True)
def kept_threads():
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_stages_and_results():
    pipeline = Pipeline(
        SMALL,
        CONFIGS,
        Settings(input_size=(96, 128), image_size=(60, 80), batch_size=2, detections=5),
    )

    times = pipeline.run()
    first, second = pipeline.predict()

    assert set(times) == {'preprocess', 'network', 'post-process', 'whole'}
    assert pipeline.preprocess()['inputs'].shape == (2, 3, 96, 128)
    stages = times['preprocess'] + times['network'] + times['post-process']
    assert stages == pytest.approx(times['whole'], rel=0.1)
    for sample in (first, second):
        assert sample.pred_panoptic_seg.sem_seg.shape == (1, 60, 80)
        assert len(sample.pred_instances) == 5


def test_detectors_take_turns(monkeypatch):
    turns = []

    class Stub:
        def __init__(self, name, config_root, settings):
            self.title, self.runs = name, 0

        def run(self):
            turns.append(self.title)
            self.runs += 1
            return dict(
                preprocess=1.0,
                network=10.0 * self.runs,
                whole=20.0,
                **{'post-process': 2.0},
            )

        def predict(self):
            turns.append(f'memory of {self.title}')

    monkeypatch.setattr(latency, 'Pipeline', Stub)

    a, b = measure_latency(['a', 'b'], CONFIGS, SETTINGS)

    # A warm-up and two timed iterations, then memory.
    assert turns == ['a', 'b'] * 3 + ['memory of a', 'memory of b']
    assert (a.title, b.title) == ('a', 'b')
    assert a.stages['network'].median == 25  # of 20 and 30: the first doesn't count
    assert a.whole == (20, 20)
    assert a.memory == 0


@pytest.mark.slow
def test_isolated():
    (result,) = measure_isolated([SMALL], CONFIGS, SETTINGS)

    assert result.title == 'epsnet_r18_fpn'
    assert result.memory > 0
    assert result.whole.median > 0


@pytest.mark.parametrize('precision', ['bf16', 'fp16'])
def test_lower_precision(precision):
    pipeline = Pipeline(
        SMALL,
        CONFIGS,
        Settings(
            input_size=(96, 96), image_size=(60, 80), detections=5, precision=precision
        ),
    )
    dtypes = set()
    pipeline.model.backbone.register_forward_hook(
        lambda module, inputs, outputs: dtypes.add(outputs[0].dtype)
    )

    (sample,) = pipeline.predict()

    assert dtypes == {latency.DTYPES[precision]}
    assert sample.pred_instances.bboxes.dtype == torch.float32


def test_images_are_repeatable_and_differ():
    image = synthetic_image((30, 40), seed=0)

    assert image.shape == (30, 40, 3)
    assert image.dtype == np.uint8
    assert np.array_equal(image, synthetic_image((30, 40), seed=0))
    assert not np.array_equal(image, synthetic_image((30, 40), seed=1))
