"""Times of the variants of greedy NMS, and what they keep."""

from benchmarks.measurement import nms
from benchmarks.measurement.agreement import DisagreementError
from benchmarks.measurement.nms import candidates, measure_nms

import pytest


def test_boxes_around_objects_are_suppressed():
    clusters, scattered = measure_nms(50, iters=1, warmup=0, device='cpu')

    assert (clusters.candidates, scattered.candidates) == (50, 50)
    assert 0 < clusters.kept < scattered.kept <= 50
    assert clusters.times['PyTorch'] > 0


def test_scores_descend():
    boxes, scores, labels = candidates(20, 2)

    assert boxes.shape == (20, 4)
    assert scores.diff().le(0).all()
    assert len(labels.unique()) <= 2


def test_different_boxes_are_an_error(monkeypatch):
    monkeypatch.setitem(
        nms.VARIANTS, 'mmcv', lambda boxes, scores, labels, cfg: scores > 2
    )

    with pytest.raises(DisagreementError, match='boxes'):
        measure_nms(10, iters=1, warmup=0, device='cpu')


def test_a_variant_that_does_not_run_is_left_out(monkeypatch):
    def fail(*args):
        raise RuntimeError('not compiled for this device')

    monkeypatch.setitem(nms.VARIANTS, 'mmcv', fail)

    for cost in measure_nms(10, iters=1, warmup=0, device='cpu'):
        assert 'mmcv' not in cost.times
        assert cost.times['PyTorch'] > 0
