"""The page about a dataset: problems, classes, worst images."""

import json

from epsnet_mm.analysis.report.dataset_report import dataset_report
from epsnet_mm.datasets.validation.dataset_check import check_dataset
from tests.analysis.report.test_results_report import data_of

import pytest


@pytest.fixture
def make_page(content, write_files):
    """Check the changed annotations of two images; return the report and its page."""

    def _page(edit):
        edit(content)
        root = write_files(content)
        report = check_dataset(
            str(root / 'panoptic.json'), str(root / 'seg'), str(root / 'img')
        )
        return report, dataset_report(report)

    return _page


def test_classes_and_pictures(make_page):
    report, page = make_page(lambda content: None)
    assert report.problems == []
    assert '<p class="headline">0</p>' in page
    assert 'data-value="person"' in page
    # The first image has 2 unlabelled pixels of 24, the second one has none.
    names = [picture['name'] for picture in data_of(page)['pictures']]
    assert names == ['a.jpeg', 'b.jpeg']
    assert '8.3 % unlabelled' in page


def test_the_worst_image_comes_first_with_its_problems(make_page):
    def spoil(content):
        content['annotations'][1]['segments_info'][0]['area'] = 5

    report, page = make_page(spoil)
    (problem,) = report.wrong_measures
    pictures = data_of(page)['pictures']
    assert [x['name'] for x in pictures] == ['b.jpeg', 'a.jpeg']
    assert pictures[0]['list'] == [dict(text=problem)]
    assert '1 problem<' in page
    assert 'data-kind="problem"' in page


def test_files_that_cannot_be_read(make_page, tmp_path):
    """Gray stands for the image, and void for the labels."""

    def lose(content):
        content['images'][0]['file_name'] = 'none.jpeg'
        content['annotations'][1]['file_name'] = 'none.png'

    _, page = make_page(lose)
    sizes = {x['name']: (x['width'], x['height']) for x in data_of(page)['pictures']}
    assert sizes == {'none.jpeg': (6, 4), 'b.jpeg': (6, 4)}


@pytest.mark.parametrize('segments', [None, 'text', [3], [dict(id=20)]])
def test_entries_with_faults(make_page, segments):
    def spoil(content):
        content['annotations'][0]['segments_info'] = segments

    report, page = make_page(spoil)
    assert report.problems
    assert json.dumps(report.content['images'][1]['file_name'])[1:-1] in page
