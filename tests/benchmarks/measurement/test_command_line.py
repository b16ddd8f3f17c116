"""Arguments that the benchmarks share."""

import argparse

from benchmarks.measurement.command_line import (
    add_machine,
    add_runs,
    add_speedups,
    command_text,
    print_progress,
)

import pytest


@pytest.fixture
def parser():
    parser = argparse.ArgumentParser()
    add_runs(parser, iters=20, warmup=3)
    add_machine(parser)
    add_speedups(parser)
    return parser


def test_defaults(parser):
    assert vars(parser.parse_args([])) == dict(
        iters=20,
        warmup=3,
        threads=None,
        device='cpu',
        channels_last=False,
        compile=False,
    )


@pytest.mark.parametrize('text', ['0', '-1', 'x'])
def test_counts_are_positive(parser, text, capsys):
    with pytest.raises(SystemExit):
        parser.parse_args([f'--iters={text}'])

    assert '--iters' in capsys.readouterr().err


def test_command(monkeypatch):
    monkeypatch.setattr('sys.argv', ['x/panoptic.py', '--out-dir', 'a b'])

    assert command_text('panoptic') == "python -m benchmarks.panoptic --out-dir 'a b'"


def test_progress_is_kept_apart_from_results(capsys):
    print_progress('step 1')

    assert capsys.readouterr() == ('', 'step 1\n')
