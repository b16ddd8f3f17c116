import os
import subprocess

import pytest


@pytest.mark.parametrize('family', ['mmlab', '../x'])
def test_an_unknown_family_is_refused(repo_root, family):
    done = subprocess.run(
        ['bash', 'scripts/test_stack.sh'],
        cwd=repo_root,
        env={**os.environ, 'FAMILY': family},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f'there is no family {family}: use FAMILY=onedl' in done.stderr


def test_both_families_are_pinned(repo_root):
    """The versions of docs/installation.md's table."""
    for family, name in (
        ('openmmlab', 'constraints-openmmlab.txt'),
        ('onedl', 'constraints.txt'),
    ):
        pins = (repo_root / name).read_text(encoding='utf-8').splitlines()
        prefix = 'onedl-' if family == 'onedl' else ''
        assert any(pin.startswith(f'{prefix}mmengine==') for pin in pins)
        assert any(pin.startswith('numpy==') for pin in pins)
