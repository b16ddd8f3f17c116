"""What the package does with an ImportError while the check command starts."""

import sys

from epsnet_mm.environment.check_command import said_by_check_command

import pytest


@pytest.mark.parametrize(
    'arguments',
    [
        ['python', '-m', 'epsnet_mm.check'],
        ['python', '-W', 'ignore', '-m', 'epsnet_mm.check'],
        ['python', '-mepsnet_mm.check'],
    ],
)
def test_the_command_exits_with_the_message(monkeypatch, arguments):
    monkeypatch.setattr(sys, 'orig_argv', arguments)
    with pytest.raises(SystemExit) as error, said_by_check_command():
        raise ImportError('mmdet is not installed')
    assert error.value.code == 'mmdet is not installed'


@pytest.mark.parametrize(
    'arguments',
    [
        ['python', '-c', 'import epsnet_mm'],
        ['python', 'tools/train.py', 'config.py'],
        ['python', '-m', 'epsnet_mm.checks'],
    ],
)
def test_elsewhere_the_error_is_raised(monkeypatch, arguments):
    monkeypatch.setattr(sys, 'orig_argv', arguments)
    with pytest.raises(ImportError, match='not installed'), said_by_check_command():
        raise ImportError('mmdet is not installed')


def test_other_errors_are_raised_in_the_command(monkeypatch):
    monkeypatch.setattr(sys, 'orig_argv', ['python', '-m', 'epsnet_mm.check'])
    with pytest.raises(KeyError), said_by_check_command():
        raise KeyError('a bug')
