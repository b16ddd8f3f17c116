import json

from epsnet_mm.analysis.pq_errors.bootstrap import draw
from epsnet_mm.analysis.pq_errors.summary import summarize
from epsnet_mm.evaluation.pq_terms.causes import Cause
from tests.evaluation.pq_cases import CATEGORIES

import pytest


@pytest.fixture
def analysis(results, analyze):
    return analyze(results[0])


@pytest.fixture
def summary(analysis) -> dict:
    return summarize(analysis, draw(analysis.groups, 50))


def test_figures_are_those_of_the_metric(analysis, summary):
    averages = analysis.averages()
    for name, row in summary['quality'].items():
        for key in ('pq', 'sq', 'rq'):
            assert row[key] == 100 * averages[name][key]
            low, high = row[f'{key}_interval']
            assert low <= row[key] <= high
    assert [x['pq'] for x in summary['classes']] == [
        100 * averages['classwise'][x['id']]['pq'] for x in CATEGORIES
    ]
    assert (summary['images'], summary['groups'], summary['resamples']) == (30, 30, 50)


def test_losses_add_up(analysis, summary):
    causes = summary['causes']
    assert list(causes) == [cause.title for cause in Cause]
    for name, row in summary['quality'].items():
        lost = sum(cause['lost'][name] for cause in causes.values())
        assert lost == pytest.approx(100 - row['pq'])
    assert sum(x['terms'] for x in causes.values()) == len(analysis.terms)
    for row in summary['classes']:
        assert sum(row['lost'].values()) == pytest.approx(100 - row['pq'])
    for cause in causes.values():
        low, high = cause['lost_interval']
        assert low <= cause['lost']['All'] <= high
        # With all four classes in each average, a repair cannot hurt.
        assert cause['repaired']['All'] >= summary['quality']['All']['pq'] - 1e-9


def test_sizes(summary):
    sizes = list(summary['sizes'].values())
    objects = sum(row['tp'] + row['fn'] for row in summary['classes'])
    for three in (sizes[:3], sizes[3:]):
        assert sum(size['objects'] for size in three) == objects
        share = sum(sum(size['share'].values()) for size in three)
        assert share == pytest.approx(100 - summary['quality']['All']['pq'])
    for size in sizes:
        if size['objects']:
            assert sum(size['lost'].values()) == pytest.approx(100 - size['pq'])


def test_plain_values(summary):
    assert json.loads(json.dumps(summary, allow_nan=False))['images'] == 30


def test_class_without_segments(results, gt_file, analyze, change):
    def add_class(content: dict) -> None:
        content['categories'].append(dict(id=9, name='kite', isthing=1))

    change(gt_file, add_class)
    analysis = analyze(results[0])
    kite = summarize(analysis, draw(analysis.groups, 10))['classes'][-1]
    assert (kite['name'], kite['pq'], kite['pq_interval']) == ('kite', 0, None)
    assert set(kite['lost'].values()) == {0}
