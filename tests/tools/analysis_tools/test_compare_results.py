"""Command line of the comparison; what it computes is tested with the package."""

import json

from tests.analysis.pq_errors.result_files import write_results
from tests.evaluation.pq_cases import CASES, META, write_lines

import pytest


@pytest.fixture
def files(tmp_path, capsys) -> list:
    """Annotation file, its PNGs, and results under two names."""
    gt_file, samples = write_lines(tmp_path, [line for line, _ in CASES.values()])
    results, _ = write_results(gt_file, META, samples, tmp_path / 'first')
    capsys.readouterr()  # the metric prints too
    return [gt_file, gt_file.with_suffix(''), f'a={results}', f'b={results}']


def test_table_plot_and_numbers(run_tool, files, tmp_path):
    options = ['--plot', tmp_path / 'deep/x.png', '--json', tmp_path / 'x.json']
    printed = run_tool('analysis_tools/compare_results', *files, '--quiet', *options)
    assert '| b |' in printed
    assert (tmp_path / 'deep/x.png').stat().st_size > 1000
    rows = json.loads((tmp_path / 'x.json').read_text(encoding='utf-8'))
    assert [row['name'] for row in rows] == ['a', 'b']


def test_mistakes(run_tool, files, capsys):
    files[3] = files[2]
    with pytest.raises(SystemExit, match=r'compare_results: A name is there twice'):
        run_tool('analysis_tools/compare_results', *files)
    files[3] = 'b'
    with pytest.raises(SystemExit):
        run_tool('analysis_tools/compare_results', *files)
    assert "'b' is not of the form NAME=RESULTS" in capsys.readouterr().err
