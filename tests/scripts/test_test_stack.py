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


@pytest.fixture
def constraints(repo_root, tmp_path):
    """Return a function that gives what pip may install: name -> version."""

    def write(**environment: str) -> dict[str, str]:
        # The set-up script up to its last line, which would start it.
        script = (repo_root / 'scripts/setup_venv.sh').read_text(encoding='utf-8')
        assert script.endswith('\nmain\n')
        script = script.removesuffix('main\n').replace(
            'source "$(dirname "${BASH_SOURCE[0]}")/common.sh"',
            'source scripts/common.sh',
        )
        subprocess.run(
            ['bash', '-c', f'{script}\nCONSTRAINTS={tmp_path}/c\nwrite_constraints'],
            cwd=repo_root,
            env={**os.environ, **environment},
            check=True,
        )
        lines = (tmp_path / 'c').read_text(encoding='utf-8').splitlines()
        return dict(line.split(';')[0].split('==') for line in lines)

    return write


def test_pins_of_the_default_family(constraints):
    pins = constraints()
    assert pins['numpy'].startswith('2.')
    assert {'onedl-mmcv', 'onedl-mmengine', 'onedl-mmdetection'} <= set(pins)
    assert 'torch' not in pins  # chosen by TORCH_SPEC


def test_pins_of_the_original_family(constraints):
    own, default = constraints(STACK_FAMILY='openmmlab'), constraints()
    assert own['numpy'] == '1.26.4'
    assert own['mmdet'] == '3.3.0'
    assert own['matplotlib'] == default['matplotlib']
    assert 'torch' not in own


@pytest.mark.parametrize('family', ['onedl', 'openmmlab'])
def test_nothing_is_pinned_for_the_newest(constraints, family):
    assert constraints(STACK_FAMILY=family, STACK_NEWEST='1') == {}
