"""The first sentences of a report."""

import itertools

from epsnet_mm.analysis.pq_errors.bootstrap import draw
from epsnet_mm.analysis.pq_errors.summary import summarize
from epsnet_mm.analysis.report.findings import findings
from epsnet_mm.analysis.report.waterfall import waterfall

import pytest


@pytest.fixture
def summary(analysis) -> dict:
    return summarize(analysis, draw(analysis.groups, 10))


def test_waterfall_ends_at_pq(summary):
    bars = waterfall(summary)
    assert bars[0]['right'] == 100
    for bar, following in itertools.pairwise(bars):
        assert following['right'] == bar['left']
        assert following['lost']['All'] <= bar['lost']['All']
    assert bars[-1]['left'] == pytest.approx(summary['quality']['All']['pq'])
    assert all(bar['lost']['All'] > 0 for bar in bars)


def test_largest_cause_and_worst_class_are_named(summary):
    first, second, third, *_ = findings(summary)
    largest = max(summary['causes'].items(), key=lambda x: x[1]['lost']['All'])
    assert f'"{largest[0]}": {largest[1]["lost"]["All"]:.1f} of' in first
    assert second.startswith(('Next is', 'Repairing'))
    worst = min(summary['classes'], key=lambda row: row['pq'])
    assert f'"{worst["name"]}" ({worst["pq"]:.1f})' in third


def test_scores_are_mentioned_if_they_are_far_off(summary):
    def sentence(score):
        calibration = dict(score=score, precision=0.5)
        return [x for x in findings(summary, calibration) if x.startswith('Scores')]

    assert sentence(0.55) == []
    assert sentence(0.8)[0].startswith('Scores are too high: 0.80')
    assert sentence(0.2)[0].startswith('Scores are too low')
