"""Numbers of other tools, as the page shows them."""

import json

from epsnet_mm.analysis.report.raw_outputs import (
    dropped_rows,
    read_numbers,
    threshold_grid,
)
from epsnet_mm.analysis.report.results_report import results_report

import pytest


def test_grid(sweep):
    grid = threshold_grid(sweep, pq=40.0)
    assert grid['overlaps'] == [0.5, 0.8]
    (first, none), (second, best) = (row['cells'] for row in grid['rows'])
    assert none is None
    assert (first['share'], first['own'], first['best']) == (0, True, False)
    assert second['share'] == pytest.approx(0.4)
    # That of another stuff area is not shown.
    assert (best['pq'], best['share'], best['best']) == (50, 1, True)
    assert 'mask_overlap=0.8' in grid['lines']
    assert not grid['differs']
    assert threshold_grid(sweep, pq=41.0)['differs']


def test_grid_of_equal_settings(sweep):
    sweep = dict(sweep, settings=sweep['settings'][:1], best=sweep['own'])
    (row,) = threshold_grid(sweep, 40.0)['rows']
    assert row['cells'][0]['share'] == 0


def test_dropped_rows(dropped):
    rows = dropped_rows(dropped, pq=39.0)
    assert [row['name'] for row in rows['rows']] == [
        'no output fits',
        'bbox_head.score_thr',
    ]
    assert rows['rows'][1]['classes'] == 'b 2, a 1'
    assert rows['differs']


def test_page(files, tmp_path, sweep, dropped):
    options = dict(resamples=5, quiet=True)
    folder = str(tmp_path / 'images')
    page = results_report(files, folder, 'x', sweep, dropped, **options)
    assert '&#9733;&nbsp;50.0' in page
    assert 'this gain may be chance' in page
    assert '<code>bbox_head.score_thr</code></th><td class="num">3</td>' in page
    # The results have another PQ than both.
    assert page.count('measured on another run') == 2
    plain = results_report(files, folder, 'x', **options)
    assert 'id="thresholds"' not in plain
    assert 'id="dropped"' not in plain


def test_files(tmp_path, sweep):
    path = tmp_path / 'numbers.json'
    with pytest.raises(FileNotFoundError, match=r'not exist.*threshold_sweep\.py --j'):
        read_numbers(str(path), 'threshold_sweep')
    path.write_text(json.dumps(sweep), encoding='utf-8')
    assert read_numbers(str(path), 'threshold_sweep') == sweep
    for wrong in (sweep, [1]):
        path.write_text(json.dumps(wrong), encoding='utf-8')
        with pytest.raises(ValueError, match='is not of dropped_segments'):
            read_numbers(str(path), 'dropped_segments')
