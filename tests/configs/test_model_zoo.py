"""The metafile tells what the configs say, and the README lists every config."""

import re

from scripts import model_zoo_table

import pytest
import yaml

from .conftest import CONFIGS, LEAVES, ROOT, read

FOLDER = CONFIGS / 'epsnet'
README = FOLDER / 'README.md'
META = yaml.safe_load((FOLDER / 'metafile.yml').read_text(encoding='utf-8'))
MODELS = {model['Name']: model for model in META['Models']}


def test_the_metafile_has_every_config_once():
    assert sorted(MODELS) == LEAVES
    assert len(META['Models']) == len(MODELS)


def test_the_readme_is_up_to_date():
    model_zoo_table.main(['--check', str(README)])


@pytest.mark.parametrize('name', LEAVES)
def test_the_readme_links_every_config(name):
    assert f'[{name}]({name}.py)' in README.read_text(encoding='utf-8')


def test_readme_links_lead_somewhere():
    for target in re.findall(r'\]\(([^)#]+)\)', README.read_text(encoding='utf-8')):
        assert '://' in target or (FOLDER / target).exists(), target


@pytest.mark.parametrize('name', LEAVES)
def test_the_metafile_has_the_schedule_of_the_config(name):
    cfg, metadata = read(name), MODELS[name]['Metadata']
    length = {
        title: cfg.train_cfg[key]
        for title, key in (('Iterations', 'max_iters'), ('Epochs', 'max_epochs'))
        if key in cfg.train_cfg
    }

    assert {k: v for k, v in metadata.items() if k in ('Iterations', 'Epochs')} == (
        length
    )
    assert metadata['Batch Size'] == cfg.train_dataloader.batch_size


@pytest.mark.parametrize('name', LEAVES)
def test_figures_of_the_paper_are_consistent(name):
    """PQ of all 133 classes is the mean of things and stuff, up to rounding."""
    model = read(name).model
    things, stuff = model.num_things_classes, model.num_stuff_classes
    figures = model_zoo_table.metrics(MODELS[name])
    if 'PQ_th (paper)' not in figures:
        return

    total = things * figures['PQ_th (paper)'] + stuff * figures['PQ_st (paper)']

    assert figures['PQ (paper)'] == pytest.approx(total / (things + stuff), abs=0.11)


def test_metafile_paths_exist():
    index = yaml.safe_load((ROOT / 'model-index.yml').read_text())

    assert [ROOT / x for x in index['Import']] == [FOLDER / 'metafile.yml']
    (collection,) = META['Collections']
    assert (ROOT / collection['README']).is_file()
    for model in META['Models']:
        assert model['In Collection'] == collection['Name']
        assert (ROOT / model['Config']).stem == model['Name']
        assert (ROOT / model['Config']).is_file()
