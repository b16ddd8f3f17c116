"""Command line of the report; the page is tested elsewhere."""

import json
import shutil

from tests.analysis.pq_errors.result_files import write_results
from tests.evaluation.pq_cases import CASES, META, write_lines

import pytest


@pytest.fixture
def files(tmp_path, capsys) -> list:
    """Results, annotation file, its PNGs, and the same PNGs as images."""
    gt_file, samples = write_lines(tmp_path, [line for line, _ in CASES.values()])
    results, _ = write_results(gt_file, META, samples, tmp_path / 'first')
    shutil.copytree(gt_file.with_suffix(''), tmp_path / 'images')
    capsys.readouterr()  # the metric prints too
    return [results, gt_file, gt_file.with_suffix(''), tmp_path / 'images']


def test_page(run_tool, files, tmp_path):
    out = tmp_path / 'out/page.html'
    options = ('--out', out, '--quiet', '--resamples', 5, '--title', 'Night 3')
    printed = run_tool('analysis_tools/panoptic_report', *files, *options)
    assert printed == f'Report: {out}\n'
    assert '<title>Night 3</title>' in out.read_text(encoding='utf-8')


def test_mistakes(run_tool, files, tmp_path):
    files[3] = tmp_path / 'none'
    with pytest.raises(SystemExit, match=r'panoptic_report: The folder .*none of'):
        run_tool('analysis_tools/panoptic_report', *files, '--quiet')


def test_numbers_of_other_tools(run_tool, files, tmp_path):
    own = dict(score_thr=0.1, mask_overlap=0.5, stuff_area_limit=9, pq=4.0)
    sweep = dict(settings=[own], best=own, own=own, gain=0, gain_interval=[0, 0])
    dropped = dict(pq=4.0, others=96.0, rules=[])
    for name, content in (('sweep', sweep), ('dropped', dropped)):
        (tmp_path / f'{name}.json').write_text(json.dumps(content), encoding='utf-8')
    numbers = [
        *('--sweep', tmp_path / 'sweep.json', '--dropped', tmp_path / 'dropped.json')
    ]
    options = ('--out', tmp_path / 'page.html', '--quiet', '--resamples', 5)
    run_tool('analysis_tools/panoptic_report', *files, *options, *numbers)
    page = (tmp_path / 'page.html').read_text(encoding='utf-8')
    assert 'id="thresholds"' in page
    assert 'id="dropped"' in page
    numbers[1] = tmp_path / 'dropped.json'
    with pytest.raises(SystemExit, match='is not of threshold_sweep'):
        run_tool('analysis_tools/panoptic_report', *files, *options, *numbers)
