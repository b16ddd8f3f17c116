"""Which steps the targets of the Makefile take."""

import os
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which('make') is None, reason='needs make')


def steps(repo_root, *arguments):
    done = subprocess.run(
        # Below another make, as in `make test`, it would print its folder, too.
        ['make', '--dry-run', '--no-print-directory', *arguments],
        cwd=repo_root,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize('target', ['test', 'test-fast', 'test-cuda', 'demo'])
def test_nothing_is_compiled_unless_asked_for(repo_root, target):
    assert 'build_ops.sh' not in steps(repo_root, target, 'OPS=')


def test_ops_are_compiled_before_the_tests(repo_root):
    found = steps(repo_root, 'test', 'OPS=1')

    assert 0 < found.index('build_ops.sh') < found.index('pytest tests')


def test_photos_with_any_name(repo_root):
    name = "100% o'neu ü.jpg"
    last = steps(repo_root, 'predict', 'PY=echo', f'PHOTO={name}').splitlines()[-1]
    for photo, expected in ((name, f'-m epsnet_runtime predict {name}\n'), ('', '')):
        done = subprocess.run(
            ['bash', '-c', last],
            env=dict(os.environ, PHOTO=photo),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == expected
    assert 'give an image: make predict PHOTO=street.jpg' in done.stderr
