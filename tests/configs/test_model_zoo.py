"""The README and the metafile list every config, and agree."""

import re

import pytest
import yaml

from .conftest import COCO_LEAVES, LEAVES, ROOT

FOLDER = ROOT / 'configs/epsnet'
README = (FOLDER / 'README.md').read_text()
META = yaml.safe_load((FOLDER / 'metafile.yml').read_text())
# The paper's tables 1 to 4, and the ResNet-50 of the authors' release.
PAPER = {
    'epsnet_r101_fpn_coco': (38.6, 43.5, 31.3),
    'epsnet_r50_fpn_coco': (35.8, None, None),
    'epsnet_r101_fpn_no-balance_coco': (38.4, 43.0, 31.4),
    'epsnet_r101_fpn_no-attention_coco': (37.4, 43.2, 28.6),
    'epsnet_r101_fpn_no-aug_coco': (35.4, 40.5, 27.7),
    'epsnet-d_r101_fpn_coco': (37.2, 42.9, 28.5),
    'epsnet_r101_fpn_attention-1layer_coco': (38.3, 43.5, 30.5),
}


def results_table():
    """Cells of the table "Results on COCO val" by config and column."""
    lines = README.partition('## Results on COCO val')[2].splitlines()
    rows = [
        [x.strip() for x in line.strip('|').split('|')]
        for line in lines
        if line.startswith('| ')
    ]
    header, _, *body = rows[
        : next(
            (i for i, row in enumerate(rows) if i and len(row) != len(rows[0])), None
        )
    ]
    return {
        re.match(r'\[(.+?)\]', row[0])[1]: dict(zip(header, row, strict=True))
        for row in body
    }


@pytest.mark.parametrize('name', [path.stem for path in LEAVES])
def test_readme_links_every_config(name):
    assert f'[{name}]({name}.py)' in README


def test_readme_links_lead_somewhere():
    for target in re.findall(r'\]\(([^)#]+)\)', README):
        assert '://' in target or (FOLDER / target).exists(), target


def test_results_table_has_every_config_for_training():
    assert results_table().keys() == {
        path.stem for path in COCO_LEAVES if not path.stem.endswith('_release')
    }


@pytest.mark.parametrize('name', PAPER)
def test_paper_figures(name):
    row = results_table()[name]
    metrics = {x['Name']: x for x in META['Models']}[name]['Results'][0]['Metrics']
    for column, value in zip(('PQ', 'PQ_th', 'PQ_st'), PAPER[name], strict=True):
        assert row[f'paper: {column}'] == ('' if value is None else str(value))
        assert metrics.get(f'{column} (paper)') == value


def test_no_figure_without_a_source():
    for name, row in results_table().items():
        assert name in PAPER or row['paper: PQ'] == ''
    assert {x['Name'] for x in META['Models']} == set(PAPER)


def test_metafile_paths_exist():
    index = yaml.safe_load((ROOT / 'model-index.yml').read_text())

    assert [ROOT / x for x in index['Import']] == [FOLDER / 'metafile.yml']
    (collection,) = META['Collections']
    assert (ROOT / collection['README']).is_file()
    for model in META['Models']:
        assert model['In Collection'] == collection['Name']
        assert (ROOT / model['Config']).stem == model['Name']
        assert (ROOT / model['Config']).is_file()
