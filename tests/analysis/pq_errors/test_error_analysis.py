"""Files give the metric's figures to the last bit, and wrong files an explanation."""

from pathlib import Path

from epsnet_mm.analysis.pq_errors.error_analysis import ErrorAnalysis, analyze_errors
from epsnet_mm.analysis.pq_errors.result_files import ResultFiles
from epsnet_mm.datasets.synthetic.shapes import make_shapes
from epsnet_mm.evaluation.pq_terms.decomposition import decompose
from tests.analysis.pq_errors.result_files import write_results
from tests.evaluation.disturbed import (
    REAL,
    REAL_NAMES,
    SHAPES,
    disturbed_predictions,
    load,
)
from tests.evaluation.pq_baselines import figures
from tests.evaluation.pq_cases import CASES, EMPTY, META, write_lines
from tests.requirements import DATA_DIR

import pytest
from mmdet.evaluation import CocoPanopticMetric


def assert_like_metric(
    gt_file: Path, meta: dict, samples: list[dict], prefix: Path
) -> ErrorAnalysis:
    file, measured = write_results(gt_file, meta, samples, prefix)
    analysis = analyze_errors(
        ResultFiles(str(file), str(gt_file), str(gt_file.with_suffix(''))), quiet=True
    )
    averages = analysis.averages()
    found = {}
    for suffix, name in (('', 'All'), ('_th', 'Things'), ('_st', 'Stuff')):
        found |= figures(suffix, *(averages[name][key] for key in ('pq', 'sq', 'rq')))
    assert found == measured
    # The exact sums agree with the rounded ones.
    every = range(len(analysis.categories))
    exact = decompose(analysis.terms, len(every)).pq(every)
    assert float(exact) == pytest.approx(averages['All']['pq'], rel=1e-12)
    return analysis


def test_adversarial_lines(tmp_path):
    lines = [line for line, _ in CASES.values()] + EMPTY
    gt_file, samples = write_lines(tmp_path, lines)
    analysis = assert_like_metric(gt_file, META, samples, tmp_path / 'x')
    assert analysis.image_ids == list(range(len(lines)))
    assert analysis.pixels.sum() == 100 * len(lines)


def test_no_segment_at_all(tmp_path):
    gt_file, samples = write_lines(tmp_path, EMPTY)
    analysis = assert_like_metric(gt_file, META, samples, tmp_path / 'x')
    assert len(analysis.terms) == 0


def test_shapes(tmp_path):
    make_shapes(tmp_path / 'shapes', train=1, val=24, size=64)
    dataset = load(tmp_path / 'shapes', SHAPES)
    samples = disturbed_predictions(dataset)
    gt_file = tmp_path / 'shapes' / SHAPES[0]
    assert_like_metric(gt_file, dataset.metainfo, samples, tmp_path / 'x')


@pytest.mark.parametrize('name', REAL_NAMES)
def test_real_data(name, tmp_path):
    dataset = load(DATA_DIR / name, REAL[name])
    samples = disturbed_predictions(dataset)
    gt_file = DATA_DIR / name / REAL[name][0]
    assert_like_metric(gt_file, dataset.metainfo, samples, tmp_path / 'x')


def test_results_of_mmdetection(tmp_path):
    """Written by its own metric, which numbers segments in another way."""
    make_shapes(tmp_path / 'shapes', train=1, val=6, size=64)
    ann_file, _, pngs = (str(tmp_path / 'shapes' / name) for name in SHAPES)
    dataset = load(tmp_path / 'shapes', SHAPES)
    upstream = CocoPanopticMetric(
        ann_file, pngs, outfile_prefix=str(tmp_path / 'x'), nproc=1
    )
    upstream.dataset_meta = dataset.metainfo
    samples = disturbed_predictions(dataset)
    upstream.process({}, samples)
    measured = upstream.evaluate(len(samples))
    files = ResultFiles(str(tmp_path / 'x.panoptic.json'), ann_file, pngs)
    averages = analyze_errors(files, quiet=True).averages()
    assert 100 * averages['All']['pq'] == pytest.approx(measured['coco_panoptic/PQ'])
    assert averages['All']['pq'] > 0.1


def test_results_with_annotations_alone(results, analyze, change):
    """As the tools of other projects may write them."""
    expected = analyze(results[0])

    def keep_annotations(content: dict) -> None:
        for key in ('images', 'categories'):
            del content[key]
        for annotation in content['annotations']:
            annotation['segments_info'] = [
                {key: x[key] for key in ('id', 'category_id')}
                for x in annotation['segments_info']
            ]

    change(results[0], keep_annotations)
    found = analyze(results[0])
    assert found.averages() == expected.averages()
    assert (found.terms == expected.terms).all()


def test_categories_in_another_order(results, analyze, change):
    expected = analyze(results[0])
    change(results[0], lambda content: content['categories'].reverse())
    found = analyze(results[0])
    assert [x['id'] for x in found.categories] == [8, 5, 3, 2]
    assert (found.terms['category'] == 3 - expected.terms['category']).all()


def test_folders_and_groups(gt_file, results, analyze, change):
    def name_groups(content: dict) -> None:
        content['images'][4]['group'] = 'street'

    expected = analyze(results[0])
    change(gt_file, name_groups)
    folder = results[0].with_suffix('')
    moved = folder.rename(folder.parent / 'elsewhere')
    pngs = str(gt_file.with_suffix(''))
    files = ResultFiles(str(results[0]), str(gt_file), pngs, str(moved))
    found = analyze_errors(files, quiet=True)
    assert (found.terms == expected.terms).all()
    assert found.groups[3:6] == ['image 3', 'street', 'image 5']


def test_a_part_of_the_images(results, analyze, change):
    everything = analyze(results[0])

    def keep_ten(content: dict) -> None:
        del content['annotations'][10:]

    change(results[0], keep_ten)
    part = analyze(results[0])
    assert part.image_ids == list(range(10))
    assert (part.terms == everything.terms[everything.terms['image'] < 10]).all()


def repeat_first(content: dict) -> None:
    content['annotations'].append(content['annotations'][0])


@pytest.mark.parametrize(
    ('edit', 'message'),
    [
        (repeat_first, 'several annotations of the image id 0'),
        (lambda x: x['annotations'].clear(), 'is no file of COCO panoptic results'),
        (lambda x: x.pop('annotations'), 'is no file of COCO panoptic results'),
        (lambda x: x['annotations'][0].pop('file_name'), r'\[0\] .* lacks `file_name`'),
        (lambda x: x['annotations'][0].update(image_id=99), 'image id 99 of .* not in'),
        (
            lambda x: x['annotations'][0]['segments_info'][0].update(category_id=77),
            r'annotations\[0\].*the unknown category 77',
        ),
        (
            lambda x: x['annotations'][0]['segments_info'].append(
                dict(id=999, category_id=2)
            ),
            'segment id 999 of .* has no pixel',
        ),
        (
            lambda x: x['annotations'][0]['segments_info'].pop(),
            'which the annotation file lacks',
        ),
        (
            lambda x: x['annotations'][0].update(file_name='none.png'),
            'none.png',
        ),
    ],
)
def test_wrong_results(results, analyze, change, edit, message):
    change(results[0], edit)
    with pytest.raises((ValueError, OSError), match=message):
        analyze(results[0])


def test_missing_or_broken_file(gt_file, results, analyze):
    with pytest.raises(FileNotFoundError, match=r'results .*none\.json does not exist'):
        analyze(gt_file.parent / 'none.json')
    for text, message in (
        ('[', 'is not a valid JSON file'),
        ('[]', 'is no file of COCO panoptic results'),
    ):
        results[0].write_text(text, encoding='utf-8')
        with pytest.raises(ValueError, match=message):
            analyze(results[0])
