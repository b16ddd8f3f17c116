"""Arguments and errors that the tools share."""

import argparse
import sys

from epsnet_mm.engine.command_line import add_network, exit_on_error

import pytest


@pytest.mark.parametrize('error', [ValueError, FileNotFoundError])
def test_an_expected_error_ends_the_tool(error, monkeypatch):
    monkeypatch.setattr(sys, 'argv', ['tools/some_tool.py', 'x'])

    with pytest.raises(SystemExit, match=r'^some_tool: give another$'), exit_on_error():
        raise error('give another')


def test_other_errors_keep_their_traceback():
    with pytest.raises(ZeroDivisionError), exit_on_error():
        raise ZeroDivisionError


def test_network():
    parser = argparse.ArgumentParser()
    add_network(parser)

    args = parser.parse_args(['a.py', 'b.pth', '--cfg-options', 'x.y=1', 'z=(2,3)'])

    assert (args.config, args.checkpoint, args.device) == ('a.py', 'b.pth', 'cpu')
    assert args.cfg_options == {'x.y': 1, 'z': (2, 3)}
    assert parser.parse_args(['a.py', 'b.pth']).cfg_options is None
