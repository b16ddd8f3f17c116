"""`python -m epsnet_mm.check`, which ends each section of docs/installation.md."""

import subprocess
import sys

from epsnet_mm import check
from epsnet_mm.environment.stack import read_stack

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
