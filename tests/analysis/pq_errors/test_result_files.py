"""What other programs write, and what is wrong with it."""

import json

from epsnet_mm.analysis.pq_errors.bootstrap import draw
from epsnet_mm.analysis.pq_errors.summary import summarize
from epsnet_mm.analysis.pq_errors.tables import class_table

import pytest


def test_png_of_an_annotation_without_file_name(gt_file, results, analyze, change):
    expected = analyze(results[0])

    def forget(content: dict) -> None:
        for image, annotation in zip(
            content['images'], content['annotations'], strict=True
        ):
            image['file_name'] = annotation.pop('file_name').replace('.png', '.jpg')

    change(gt_file, forget)
    assert (analyze(results[0]).terms == expected.terms).all()


def test_category_ids_as_texts(results, analyze, change):
    expected = analyze(results[0])

    def as_texts(content: dict) -> None:
        for category in content['categories']:
            category['id'] = str(category['id'])

    change(results[0], as_texts)
    assert analyze(results[0]).categories == expected.categories


@pytest.mark.parametrize('categories', [None, [3], [dict(name='x')]])
def test_categories_that_are_none(results, analyze, change, categories):
    change(results[0], lambda content: content.update(categories=categories))
    assert [x['id'] for x in analyze(results[0]).categories] == [2, 3, 5, 8]


def test_byte_order_mark(results, analyze):
    expected = analyze(results[0])
    text = results[0].read_text(encoding='utf-8')
    results[0].write_text(text, encoding='utf-8-sig')
    assert (analyze(results[0]).terms == expected.terms).all()


def first(content: dict) -> dict:
    return content['annotations'][0]


@pytest.mark.parametrize(
    ('edit', 'message'),
    [
        (lambda x: x['annotations'].insert(0, 5), r'annotations\[0\] is 5, but must'),
        (lambda x: first(x).update(image_id=[1]), r'image_id is \[1\], but must be'),
        (lambda x: first(x).update(segments_info=None), 'must be a list of segments'),
        (
            lambda x: first(x)['segments_info'].insert(1, 5),
            r'first.panoptic.json: annotations\[0\].segments_info\[1\] is 5, but must',
        ),
        (lambda x: first(x)['segments_info'][0].pop('id'), 'lacks `id`'),
        (
            lambda x: first(x)['segments_info'][0].update(category_id=[1]),
            'must be the id of a category',
        ),
        (
            lambda x: first(x).update(file_name='none.png'),
            r'segmentation PNG .*none.png does not exist: put it there',
        ),
    ],
)
def test_faults_have_a_place_and_a_remedy(results, analyze, change, edit, message):
    change(results[0], edit)
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        analyze(results[0])


def test_crowds_of_the_ground_truth_are_flags(gt_file, results, analyze, change):
    change(gt_file, lambda x: first(x)['segments_info'][0].update(iscrowd='0'))
    with pytest.raises(ValueError, match="iscrowd is '0', but must be 0 or 1"):
        analyze(results[0])


def test_images_without_results_are_told(results, analyze, change, capsys):
    analyze(results[0])
    assert capsys.readouterr().err == ''
    change(results[0], lambda content: content['annotations'].pop())
    analyze(results[0])
    assert '1 of 30 images of' in capsys.readouterr().err


def test_a_class_in_no_draw_has_no_interval(results, analyze):
    analysis = analyze(results[0])
    draws = draw(analysis.groups, 1)
    # As if the only draw had the first image alone.
    draws.weights[:] = 0
    draws.weights[:, 0] = len(analysis.groups)
    summary = summarize(analysis, draws)
    absent = [x for x in summary['classes'] if x['pq_interval'] is None]
    assert absent
    assert '| - |' in class_table(summary)
    assert json.dumps(summary)
