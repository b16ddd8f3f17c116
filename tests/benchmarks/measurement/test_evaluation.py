"""Comparisons on a few shapes; they check equality themselves."""

from benchmarks.measurement import evaluation
from benchmarks.measurement.agreement import DisagreementError
from benchmarks.measurement.evaluation import (
    Comparison,
    compare_decoding,
    compare_loading,
    compare_metrics,
)
from benchmarks.measurement.statistics import Summary
from epsnet_mm.datasets import EPSNetPanopticDataset
from epsnet_mm.datasets.synthetic.shapes import make_shapes

import pytest


@pytest.fixture(scope='module')
def dataset(tmp_path_factory):
    root = tmp_path_factory.mktemp('data') / 'shapes'
    make_shapes(str(root), train=3, val=1, size=96)
    return EPSNetPanopticDataset(
        ann_file=str(root / 'annotations/panoptic_train.json'),
        data_prefix=dict(
            img=str(root / 'train'), seg=str(root / 'annotations/panoptic_train')
        ),
        test_mode=True,
    )


@pytest.mark.parametrize(
    'compare', [compare_decoding, compare_loading, compare_metrics]
)
def test_both_are_timed(compare, dataset):
    comparison = compare(dataset, repeats=1)

    assert comparison.upstream.median > 0
    assert comparison.ours.median > 0


def test_different_arrays_are_an_error(dataset, monkeypatch):
    class Wrong(evaluation.LoadPanopticSegments):
        def transform(self, results):
            results = super().transform(results)
            results['gt_seg_map'][0, 0] += 1
            return results

    monkeypatch.setattr(evaluation, 'LoadPanopticSegments', Wrong)

    with pytest.raises(DisagreementError, match=r'label maps of .*png'):
        compare_loading(dataset, repeats=1)


def test_different_numbers_are_an_error(dataset, monkeypatch):
    class Wrong(evaluation.EPSNetPanopticMetric):
        def compute_metrics(self, results):
            return {**super().compute_metrics(results), 'PQ': -1.0}

    monkeypatch.setattr(evaluation, 'EPSNetPanopticMetric', Wrong)

    with pytest.raises(DisagreementError, match='metrics'):
        compare_metrics(dataset, repeats=1)


def test_speedup_by_hand():
    comparison = Comparison(upstream=Summary(9, 9), ours=Summary(4, 4))
    common = Comparison(upstream=Summary(1, 1), ours=Summary(2, 2))

    assert comparison.speedup() == 2.25
    assert comparison.speedup(common) == 4
