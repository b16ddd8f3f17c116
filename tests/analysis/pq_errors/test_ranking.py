"""Several runs in one table and one plot."""

from epsnet_mm.analysis.pq_errors.bootstrap import draw
from epsnet_mm.analysis.pq_errors.comparison import compare
from epsnet_mm.analysis.pq_errors.ranking import (
    draw_ranking,
    rank_runs,
    ranking_table,
)
from epsnet_mm.analysis.pq_errors.summary import summarize

import pytest


@pytest.fixture
def rows(results, analyze):
    """Three runs: two files of results, and the first one again."""
    first, second = map(analyze, results)
    runs = dict(a=first, b=second, again=analyze(results[0]))
    return runs, rank_runs(runs, draw(first.groups, 50))


def test_numbers_are_those_of_the_other_tables(rows):
    runs, found = rows
    draws = draw(runs['a'].groups, 50)
    assert [row['name'] for row in found] == ['a', 'b', 'again']
    for row, run in zip(found, runs.values(), strict=True):
        assert row['quality'] == summarize(run, draws)['quality']
    assert found[0]['difference'] is None
    expected = compare(runs['b'], runs['a'], draws)['quality']['All']['pq']
    assert found[1]['difference'] == expected
    assert found[2]['difference']['difference'] == 0
    lost = sum(found[1]['lost'].values())
    assert lost == pytest.approx(100 - found[1]['quality']['All']['pq'])


def test_table_has_the_best_first(rows):
    _, found = rows
    lines = ranking_table(found).splitlines()
    pq = [float(line.split('|')[2]) for line in lines[2:]]
    assert pq == sorted(pq, reverse=True)
    (own,) = (line for line in lines if line.startswith('| a |'))
    assert own.split('|')[6:9] == ['  ', '  ', '  ']
    (again,) = (line for line in lines if line.startswith('| again |'))
    assert '| +0.00 | +0.0 to +0.0 | 1 |' in again


def test_plot(rows):
    _, found = rows
    left, right = draw_ranking(found).axes
    assert sorted(x.get_text() for x in left.get_yticklabels()) == ['a', 'again', 'b']
    # The bars of a run end at 100 - PQ.
    ends = [bar.get_x() + bar.get_width() for bar in right.containers[-1]]
    pq = sorted(row['quality']['All']['pq'] for row in found)
    assert ends == pytest.approx([100 - x for x in pq])
