"""Command line of the analysis of errors; what it computes is tested elsewhere."""

import json

from tests.analysis.pq_errors.result_files import write_results
from tests.evaluation.pq_cases import CASES, META, write_lines

import pytest


@pytest.fixture
def files(tmp_path, capsys) -> tuple:
    """Results, annotation file and folder of the made lines."""
    gt_file, samples = write_lines(tmp_path, [line for line, _ in CASES.values()])
    results, _ = write_results(gt_file, META, samples, tmp_path / 'first')
    capsys.readouterr()  # the metric prints too
    return results, gt_file, gt_file.with_suffix('')


def test_all_tables(run_tool, files, tmp_path):
    printed = run_tool(
        'analysis_tools/panoptic_errors',
        *files,
        '--classwise',
        '--boundary',
        '--against',
        files[0],
        '--resamples',
        '20',
        '--json',
        tmp_path / 'out.json',
    )
    tables = printed.split('\n\n')
    heads = ['|  | PQ |', '| lost to |', '| size |', '| class |', '|  | this |']
    for table, head in zip(tables, heads, strict=True):
        assert table.startswith(head)
    assert '| boundary, All |' in tables[0]
    content = json.loads((tmp_path / 'out.json').read_text(encoding='utf-8'))
    assert content['images'] == len(CASES)
    assert content['resamples'] == 20
    assert f'| All | {content["quality"]["All"]["pq"]:.2f} |' in tables[0]
    assert content['against']['quality']['All']['pq']['p'] == 1


def test_seed_and_folder(run_tool, files):
    def tables(*options: object) -> str:
        return run_tool('analysis_tools/panoptic_errors', *files, '--quiet', *options)

    folder = files[0].with_suffix('')
    few = ('--resamples', 5)
    assert (
        tables(*few)
        == tables(*few, '--results-dir', folder)
        != tables(*few, '--seed', 1)
    )


def test_mistakes(run_tool, files, capsys):
    with pytest.raises(SystemExit, match=r'panoptic_errors: .* none\.json does'):
        run_tool('analysis_tools/panoptic_errors', 'none.json', *files[1:])
    with pytest.raises(SystemExit):
        run_tool('analysis_tools/panoptic_errors', *files, '--resamples', '0')
    assert '0 must be at least 1' in capsys.readouterr().err
