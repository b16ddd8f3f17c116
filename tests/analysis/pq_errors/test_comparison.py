from epsnet_mm.analysis.pq_errors.bootstrap import draw
from epsnet_mm.analysis.pq_errors.comparison import compare
from epsnet_mm.analysis.pq_errors.error_analysis import analyze_errors
from epsnet_mm.analysis.pq_errors.result_files import ResultFiles
from epsnet_mm.analysis.pq_errors.summary import summarize

import pytest


@pytest.fixture
def runs(results, analyze) -> list:
    return [analyze(file) for file in results]


def test_run_against_itself(runs):
    comparison = compare(runs[0], runs[0], draw(runs[0].groups, 20))
    for row in comparison['causes'].values():
        assert (row['difference'], row['interval'], row['p']) == (0, (0, 0), 1)
    assert {x['p'] for row in comparison['quality'].values() for x in row.values()} == {
        1
    }


def test_differences(runs):
    draws = draw(runs[0].groups, 200)
    comparison = compare(*runs, draws)
    first, second = (summarize(run, draws) for run in runs)
    for name, row in comparison['quality'].items():
        for key, found in row.items():
            assert found['first'] == first['quality'][name][key]
            assert found['second'] == second['quality'][name][key]
            assert found['difference'] == found['first'] - found['second']
            low, high = found['interval']
            assert low <= found['difference'] <= high
            assert 0 < found['p'] <= 1
    for title, found in comparison['causes'].items():
        assert found['first'] == first['causes'][title]['lost']['All']
    lost = sum(x['difference'] for x in comparison['causes'].values())
    assert lost == pytest.approx(-comparison['quality']['All']['pq']['difference'])


def test_order_of_images_and_categories_does_not_matter(gt_file, results, change):
    def analyze_both() -> list:
        pngs = str(gt_file.with_suffix(''))
        return [
            analyze_errors(
                ResultFiles(str(file), str(gt_file), pngs), boundary=True, quiet=True
            )
            for file in results
        ]

    runs = analyze_both()
    draws = draw(runs[0].groups, 20)
    expected = compare(*runs, draws)
    assert expected['boundary']['All']['pq']['first'] > 0

    # Not the reverse, which is its own inverse.
    def reorder(content: dict) -> None:
        for key, start in (('annotations', 7), ('categories', 1)):
            content[key] = content[key][start:] + content[key][:start]

    change(results[1], reorder)
    assert compare(runs[0], analyze_both()[1], draws) == expected


def test_a_far_better_run_differs(runs, results, gt_file, analyze):
    """The ground truth as results: all images but void ones improve."""
    perfect = gt_file.rename(gt_file.parent / 'perfect.json')
    gt_file.write_bytes(perfect.read_bytes())
    (gt_file.parent / 'perfect').symlink_to(gt_file.with_suffix(''))
    draws = draw(runs[0].groups, 200)
    row = compare(analyze(perfect), runs[0], draws)['quality']['All']['pq']
    assert row['p'] == pytest.approx(2 / 201)
    assert row['interval'][0] > 0


def test_other_images(runs, results, analyze, change):
    change(results[1], lambda content: content['annotations'].pop())
    with pytest.raises(ValueError, match=r'have different images, .* the id 29'):
        compare(runs[0], analyze(results[1]), draw(runs[0].groups, 20))
