"""How another project inherits from a config of the installed package."""

import shutil
from pathlib import Path

import epsnet_mm
from epsnet_mm.engine.runner_config import load_config
from epsnet_mm.environment import config_files
from epsnet_mm.environment.config_files import config_path

import pytest
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import DefaultScope

NAME = 'epsnet/epsnet_r18_fpn_shapes.py'

#: A config of another project, as docs/installation.md shows it.
CHILD = """
_base_ = __import__('epsnet_mm').config_path('epsnet/epsnet_r18_fpn_shapes.py')

model = dict(num_things_classes=7)
train_dataloader = dict(batch_size=3)
"""


@pytest.fixture
def child(tmp_path) -> Path:
    path = tmp_path / 'another_project/my_config.py'
    path.parent.mkdir()
    path.write_text(CHILD, encoding='utf-8')
    return path


def test_the_package_offers_it():
    assert Path(epsnet_mm.config_path(NAME)).name == 'epsnet_r18_fpn_shapes.py'


def test_the_page_shows_it(repo_root):
    page = (repo_root / 'docs/installation.md').read_text(encoding='utf-8')
    assert CHILD.strip() in page


def test_a_config_inherits(child):
    config = Config.fromfile(child)
    parent = Config.fromfile(config_path(NAME))
    assert config.model.num_things_classes == 7
    assert config.train_dataloader.batch_size == 3
    # Nothing else differs; above all, no scope is added.
    config.model.num_things_classes = parent.model.num_things_classes
    config.train_dataloader.batch_size = parent.train_dataloader.batch_size
    assert config.to_dict() == parent.to_dict()
    assert config.default_scope == 'mmdet'


def test_the_model_builds(child):
    with DefaultScope.overwrite_default_scope('mmdet'):
        model = MODELS.build(load_config(str(child)).model)
    assert model.bbox_head.num_classes == 7


def test_a_written_config_stands_alone(child, tmp_path):
    """A work directory's copy can be read where the package is not installed."""
    config = Config.fromfile(child)
    written = tmp_path / 'written.py'
    config.dump(written)
    text = written.read_text(encoding='utf-8')
    assert 'config_path' not in text
    assert Config.fromfile(written).to_dict() == config.to_dict()


def test_several_bases(tmp_path):
    (tmp_path / 'data.py').write_text('my_classes = 9\n', encoding='utf-8')
    path = tmp_path / 'child.py'
    path.write_text(
        f"_base_ = [__import__('epsnet_mm').config_path({NAME!r}), './data.py']\n"
        'model = dict(num_stuff_classes=_base_.my_classes)\n',
        encoding='utf-8',
    )
    assert Config.fromfile(path).model.num_stuff_classes == 9


def test_an_unknown_config_is_named_with_the_folder():
    with pytest.raises(FileNotFoundError, match=r'no config epsnet/x\.py: .*configs'):
        config_path('epsnet/x.py')


@pytest.mark.parametrize('folder', ['epsnet_mm/.mim/configs', 'configs'])
def test_found_in_an_installation_and_in_a_checkout(tmp_path, monkeypatch, folder):
    monkeypatch.setattr(config_files, '_PACKAGE', tmp_path / 'epsnet_mm')
    (tmp_path / folder / 'epsnet').mkdir(parents=True)
    shutil.copy(config_path_of_the_checkout(), tmp_path / folder / 'epsnet')
    assert config_path(NAME) == str(tmp_path / folder / NAME)


def config_path_of_the_checkout() -> Path:
    return Path(__file__).parents[2] / 'configs' / NAME
