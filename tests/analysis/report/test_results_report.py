"""What is on the page; that it works is tested in a browser."""

import json
import re

from epsnet_mm.analysis.report.results_report import (
    results_report,
    write_results_report,
)
from epsnet_mm.evaluation.pq_terms.causes import Cause

import pytest

OPTIONS = dict(resamples=20, quiet=True)


def data_of(page: str) -> dict:
    (text,) = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL
    )
    return json.loads(text)


def test_numbers_pictures_and_cards(files, analysis, tmp_path):
    page = results_report(files, str(tmp_path / 'images'), 'Mine & yours', **OPTIONS)
    assert '<title>Mine &amp; yours</title>' in page
    pq = 100 * analysis.averages()['All']['pq']
    assert f'<p class="headline">{pq:.1f}</p>' in page
    data = data_of(page)
    assert data['confusion']['pixels'] == analysis.pixels.tolist()
    for picture in data['pictures']:
        assert all(
            picture[layer].startswith('data:image/')
            for layer in ('input', 'truth', 'prediction', 'errors')
        )
    cards = re.findall(r'<article class="card".*?data-picture="(\d+)"', page)
    assert {int(x) for x in cards} == set(range(len(data['pictures'])))
    for cause in set(analysis.terms['cause'][analysis.terms['loss'] > 0]):
        assert f'data-cause="{Cause(cause).name.lower()}"' in page


def test_page_asks_for_nothing(files, tmp_path):
    page = results_report(files, str(tmp_path / 'images'), 'x', **OPTIONS)
    assert "default-src 'none'" in page
    # Addresses are names of namespaces only.
    assert set(re.findall(r'https?://[^\s"\']+', page)) == {
        'http://www.w3.org/2000/svg'
    }
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page)


def test_same_results_same_page(files, tmp_path):
    paths = [tmp_path / 'a.html', tmp_path / 'deep/b.html']
    for path in paths:
        write_results_report(
            str(tmp_path / 'run.panoptic.json'),
            *(
                str(tmp_path / 'gt.json'),
                str(tmp_path / 'gt'),
                str(tmp_path / 'images'),
            ),
            str(path),
            **OPTIONS,
        )
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert b'<title>run</title>' in paths[0].read_bytes()


def test_names_are_escaped(files, tmp_path):
    for category in files.categories:
        category['name'] = f'</script><b>"{category["name"]}\''
    page = results_report(files, str(tmp_path / 'images'), 'x', **OPTIONS)
    assert '<b>' not in page
    assert data_of(page)['confusion']['names'][0].startswith('</script><b>"')


@pytest.mark.parametrize('boundary', [False, True])
def test_boundary_is_optional(files, tmp_path, boundary):
    page = results_report(
        files, str(tmp_path / 'images'), 'x', boundary=boundary, **OPTIONS
    )
    assert ('Boundary, All' in page) == boundary


def test_pictures_are_limited(files, tmp_path):
    page = results_report(
        files, str(tmp_path / 'images'), 'x', max_images=3, picture_size=20, **OPTIONS
    )
    pictures = data_of(page)['pictures']
    assert len(pictures) == 3
    assert max(max(x['width'], x['height']) for x in pictures) <= 20


def test_missing_folder_and_image(files, tmp_path):
    with pytest.raises(FileNotFoundError, match='none of the images does not exist'):
        results_report(files, str(tmp_path / 'none'), 'x', **OPTIONS)
    for path in (tmp_path / 'images').iterdir():
        path.unlink()
    with pytest.raises(ValueError, match='images'):
        results_report(files, str(tmp_path / 'images'), 'x', **OPTIONS)
