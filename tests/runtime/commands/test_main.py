"""What `epsnet` says about itself, and what completes it in a shell."""

from epsnet_runtime.commands.main import main

import pytest


def printed(arguments, capsys) -> str:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize('command', ['predict', 'demo'])
def test_help_has_examples_and_exit_codes(command, capsys):
    text = printed([command, '--help'], capsys)
    assert f'examples:\n  epsnet {command} ' in text
    codes = text.partition('exit codes:\n')[2].splitlines()
    assert {'0', '1', '2'} <= {line.split()[0] for line in codes}


@pytest.mark.parametrize('shell', ['bash', 'zsh', 'tcsh'])
def test_completion(shell, capsys):
    pytest.importorskip('shtab', reason='shtab is not installed')
    text = printed(['--print-completion', shell], capsys)
    assert 'predict' in text
    assert 'masks-only' in text
