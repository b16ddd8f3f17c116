"""A process that writes files, killed at each of its writes."""

import os
import signal
import sys

import pytest

from .writes import Writes

pytestmark = pytest.mark.skipif(sys.platform != 'linux', reason='forks processes')


def write_files(folder):
    (folder / 'sub').mkdir()
    (folder / 'a').write_text('whole')
    (folder / 'a').read_text()
    os.replace(folder / 'a', folder / 'b')
    with (folder / 'log').open('a') as file:
        file.write('line\n')
    (folder / 'b').unlink()
    (folder.parent / 'elsewhere').write_text('')


def killed(folder, **options) -> int:
    child = os.fork()
    if not child:
        try:
            Writes(folder, **options).watch()
            write_files(folder)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / 'work'
    path.mkdir()
    (path / 'log').write_text('first\n')
    return path


@pytest.mark.parametrize(
    ('number', 'left'),
    [
        (0, ['log']),
        (1, ['log', 'sub']),
        (2, ['a', 'log', 'sub']),
        (3, ['b', 'log', 'sub']),
        (4, ['b', 'log', 'sub']),
    ],
)
def test_killed_before_a_write(folder, number, left):
    assert killed(folder, kill_at=number) == -signal.SIGKILL
    assert sorted(path.name for path in folder.iterdir()) == left
    # The line of the log, at event 3, is written in the last case alone.
    assert ('line' in (folder / 'log').read_text()) == (number > 3)


def test_there_are_no_more_writes(folder):
    assert killed(folder, kill_at=5) == 0
    assert sorted(path.name for path in folder.iterdir()) == ['log', 'sub']


def test_a_torn_file_is_left(folder):
    assert killed(folder, kill_at=1, torn=True) == -signal.SIGKILL
    assert (folder / 'a').read_text().startswith('{"torn"')


def test_a_torn_line_is_appended(folder):
    assert killed(folder, kill_at=3, torn=True) == -signal.SIGKILL
    assert (folder / 'log').read_text().startswith('first\n{"torn"')
