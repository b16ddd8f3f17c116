"""`python -m epsnet_mm.check`, which ends each section of docs/installation.md."""

import os
import subprocess
import sys

from epsnet_mm import check
from epsnet_mm.environment.stack import read_stack
from tests.environment.fake_distributions import (
    ONEDL,
    OPENMMLAB,
    write_distributions,
)

import pytest
import torch


def test_it_works_here(repo_root):
    done = subprocess.run(
        [sys.executable, '-m', 'epsnet_mm.check'],
        cwd=repo_root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ''
    lines = done.stdout.splitlines()
    assert read_stack().describe() in lines
    assert any(line.startswith('EPSNet runs on cpu') for line in lines)
    assert lines[-1] == 'epsnet_mm works here.'


def test_a_broken_stack_is_said_without_a_traceback(repo_root, tmp_path):
    """Metadata of both families, as after one was installed over the other."""
    write_distributions(tmp_path, ONEDL | OPENMMLAB)
    done = subprocess.run(
        [sys.executable, '-m', 'epsnet_mm.check'],
        cwd=repo_root,
        env={**os.environ, 'PYTHONPATH': str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ''
    lines = done.stderr.splitlines()
    assert lines[0] == 'epsnet_mm cannot run with the installed packages:'
    assert lines[1].startswith('  - mmengine comes from 2 distributions (')
    assert 'To rescue the environment: run `pip uninstall -y ' in lines[4]
    assert lines[5].startswith('Installed: family ')
    assert len(lines) == 6


def test_devices(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    monkeypatch.setattr(torch.cuda, 'get_device_name', lambda: 'NVIDIA H100')
    assert list(check.devices()) == ['cpu', 'cuda']
    assert check.devices()['cuda'] == 'NVIDIA H100'


@pytest.mark.parametrize('family', ['onedl', 'openmmlab'])
def test_what_is_missing_is_said(monkeypatch, family):
    class FakeStack:
        families = [family]

        def describe(self) -> str:
            return f'family {family}'

    monkeypatch.setattr(check, 'read_stack', FakeStack)
    monkeypatch.setattr(check, 'find_spec', lambda name: None)
    monkeypatch.setattr(check, 'has_mmcv_ops', lambda: False)
    text = '\n'.join(check.describe_environment())
    assert f'family {family}' in text
    assert 'panopticapi is missing; evaluation needs it' in text
    assert ('pkg_resources is missing' in text) == (family == 'openmmlab')
    remedy = {'onedl': '`make ops` compiles', 'openmmlab': 'mim install'}[family]
    assert remedy in text


def test_a_map_of_another_size_fails(monkeypatch):
    monkeypatch.setattr(check, 'run_forward', lambda device: (1, 2, 3))
    with pytest.raises(SystemExit, match='please report'):
        check.main()


def test_an_error_of_the_network_fails(monkeypatch):
    def fail(device):
        raise RuntimeError('no kernel image')

    monkeypatch.setattr(check, 'run_forward', fail)
    with pytest.raises(RuntimeError, match='no kernel image'):
        check.main()
