"""What the check says about each stack; all but the installed one are fakes."""

import subprocess
import sys

from epsnet_mm.environment import versions
from epsnet_mm.environment.stack import Stack, read_stack
from epsnet_mm.environment.versions import check_versions, find_problems

import pytest

from .fake_distributions import ONEDL, OPENMMLAB, TORCH, write_distributions


@pytest.fixture
def problems(tmp_path):
    """Return a function that finds the problems of fake distributions."""

    def find(distributions: dict) -> list[str]:
        write_distributions(tmp_path, distributions)
        return find_problems(read_stack([str(tmp_path)]))

    return find


@pytest.fixture
def nothing_to_import(monkeypatch):
    """Let no package be found by its name."""
    monkeypatch.setattr(versions, 'find_spec', lambda name: None)


def test_the_installed_stack_passes():
    check_versions()


@pytest.mark.parametrize('family', [ONEDL, OPENMMLAB])
def test_each_family_passes(problems, family):
    assert problems(family | TORCH) == []


@pytest.mark.parametrize(
    'version', ['2.6.0', '2.6.0a0+df5bbc09d1', '2.7.1+cu128', '2.13.0+cpu']
)
def test_torch_from_2_6_passes(problems, version):
    assert problems(OPENMMLAB | {'torch': (version, 'torch')}) == []


def test_too_old_a_torch(problems):
    assert problems(OPENMMLAB | {'torch': ('2.5.1+cu121', 'torch')}) == [
        'torch 2.5.1+cu121 is too old, because epsnet_mm needs torch>=2.6: run '
        '`pip install "torch>=2.6"`, with the index URL of your CUDA version'
    ]


@pytest.mark.parametrize('distribution', ['mmcv', 'mmcv-lite'])
def test_mmcv_2_2_with_mmdet_3_3(problems, distribution):
    stack = {name: x for name, x in OPENMMLAB.items() if name != 'mmcv'}
    assert problems(stack | TORCH | {distribution: ('2.2.0', 'mmcv')}) == [
        f'mmcv 2.2.0 is too new, because epsnet_mm needs {distribution}<2.2,>=2.1.0: '
        f'run `pip install "{distribution}<2.2,>=2.1.0"`'
    ]


def test_too_old_a_package(problems):
    assert problems(ONEDL | TORCH | {'onedl-mmdetection': ('3.4.0', 'mmdet')}) == [
        'mmdet 3.4.0 is too old, because epsnet_mm needs onedl-mmdetection>=3.5.1: '
        'run `pip install "onedl-mmdetection>=3.5.1"`'
    ]


def test_two_distributions_of_one_name(problems):
    """What pip leaves after one family was installed over the other."""
    found = problems(OPENMMLAB | ONEDL | TORCH)
    assert len(found) == 4
    for name, sentence in zip(('mmengine', 'mmcv', 'mmdet'), found[:3], strict=True):
        assert sentence.startswith(f'{name} comes from 2 distributions (')
    assert 'the families onedl and openmmlab are mixed' in found[3]
    rescue = found[3].split('`')[1]
    assert rescue.startswith('pip uninstall -y ')
    assert set(rescue.split()[3:]) == {*OPENMMLAB, *ONEDL}
    assert 'pip install "onedl-mmengine>=0.10.12" "onedl-mmcv>=2.3.6"' in found[3]
    assert 'pip install "mmengine>=0.10.7" "mmcv-lite<2.2,>=2.1.0"' in found[3]


def test_two_distributions_of_one_family(problems):
    found = problems(OPENMMLAB | TORCH | {'mmcv-lite': ('2.1.0', 'mmcv')})
    assert len(found) == 2
    assert 'mmcv comes from 2 distributions' in found[0]
    assert found[1].startswith('To rescue the environment: run `pip uninstall -y ')


def test_mixed_families_without_a_common_name(problems):
    stack = {
        'mmengine': OPENMMLAB['mmengine'],
        'onedl-mmcv': ONEDL['onedl-mmcv'],
        'onedl-mmdetection': ONEDL['onedl-mmdetection'],
    }
    (found,) = problems(stack | TORCH)
    assert found.startswith('the families onedl and openmmlab are mixed')
    assert 'pip uninstall -y mmengine onedl-mmcv onedl-mmdetection`' in found


def test_a_missing_package_of_a_family(problems, nothing_to_import):
    stack = {name: x for name, x in OPENMMLAB.items() if name != 'mmcv'}
    assert problems(stack | TORCH) == [
        'mmcv is not installed: run `pip install "mmcv-lite<2.2,>=2.1.0"`'
    ]


def test_an_empty_environment(problems, nothing_to_import):
    found = problems({})
    assert [sentence.split()[0] for sentence in found] == [
        'torch',
        'mmengine',
        'mmcv',
        'mmdet',
    ]
    assert all('is not installed: run `' in sentence for sentence in found)
    assert 'pip install "onedl-mmengine>=0.10.12"' in found[1]


def test_a_source_folder_without_metadata_passes():
    """mmdet from a checkout on PYTHONPATH: nothing tells its version."""
    assert find_problems(Stack({'mmengine': {}, 'mmcv': {}, 'mmdet': {}}, None)) == []


def test_everything_is_said_at_once_and_nothing_is_imported(tmp_path, repo_root):
    write_distributions(
        tmp_path,
        {
            'mmengine': ('0.9.0', 'mmengine'),
            'mmcv': ('2.2.0', 'mmcv'),
            'mmdet': ('3.3.0', 'mmdet'),
            'torch': ('2.4.0', 'torch'),
        },
    )
    code = """
import importlib.metadata as metadata
import sys

real = metadata.distributions
metadata.distributions = lambda path: real(path=[sys.argv[1]])
try:
    import epsnet_mm
except ImportError as error:
    print(error)
print(sorted({'mmcv', 'mmdet', 'mmengine', 'torch'} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, '-c', code, str(tmp_path)],
        cwd=repo_root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == 'epsnet_mm cannot run with the installed packages:'
    assert [line.split(',')[0] for line in lines[1:4]] == [
        '  - torch 2.4.0 is too old',
        '  - mmengine 0.9.0 is too old',
        '  - mmcv 2.2.0 is too new',
    ]
    assert lines[4].startswith('Installed: family openmmlab: mmengine 0.9.0')
    assert lines[5:] == ['[]']
