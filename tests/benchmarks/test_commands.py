"""The benchmarks' command lines, and those that the docs show."""

import re
import shlex
import subprocess
import sys
from importlib import import_module

from benchmarks import attention, nms, postprocess
from benchmarks.measurement.postprocess import PARTS, PostprocessCost
from benchmarks.measurement.statistics import Summary

import pytest

COMMANDS = (
    'attention',
    'cpu_leaderboard',
    'dataset',
    'evaluation',
    'nms',
    'panoptic',
    'postprocess',
    'random_weights',
    'training',
)
# A GPU takes no part in them.
WITHOUT_DEVICE = ('cpu_leaderboard', 'dataset', 'evaluation', 'random_weights')


@pytest.mark.parametrize('name', COMMANDS)
def test_help(name, capsys):
    with pytest.raises(SystemExit) as stop:
        import_module(f'benchmarks.{name}').parse_args(['--help'])

    assert stop.value.code == 0
    assert ('--device' in capsys.readouterr().out) == (name not in WITHOUT_DEVICE)


def test_every_command_is_tested(repo_root):
    files = {x.stem for x in (repo_root / 'benchmarks').glob('*.py')}

    assert files - {'__init__'} == set(COMMANDS)


@pytest.mark.slow
def test_runs_from_the_root_of_a_checkout(repo_root):
    done = subprocess.run(
        [sys.executable, '-m', 'benchmarks.panoptic', '--help'],
        cwd=repo_root,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert '--models' in done.stdout


def test_documented_commands_are_understood(repo_root, monkeypatch):
    monkeypatch.chdir(repo_root)
    found = []
    for page in [*repo_root.glob('*.md'), *repo_root.glob('docs/*.md')]:
        text = page.read_text(encoding='utf-8').replace('\\\n', ' ')
        found += re.findall(r'python -m benchmarks\.([a-z_]+)([^`\n]*)', text)

    for name, arguments in found:
        import_module(f'benchmarks.{name}').parse_args(shlex.split(arguments))
    assert {name for name, _ in found} == set(COMMANDS)


def test_attention(monkeypatch, capsys):
    monkeypatch.setattr('sys.argv', ['attention', '--sizes', '64', '--iters', '1'])

    attention.main()

    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == '| input | attention | memory (MiB) | time (ms) |'
    assert [row.split(' | ')[1] for row in rows[2:]] == [
        'equations 4 to 7, literal',
        'CrossLayerAttention',
    ]


def test_nms(monkeypatch, capsys):
    monkeypatch.setattr('sys.argv', ['nms', '--candidates', '30', '--iters', '1'])

    nms.main()

    rows = [x.split(' | ') for x in capsys.readouterr().out.splitlines()]
    assert [x[0] for x in rows[2:]] == ['| 10 per object', '| scattered']
    assert {x[1] for x in rows[2:]} == {'30'}


def test_postprocess(monkeypatch, capsys):
    measured = []

    def measure(config_root, instances, image_size, nms, iters, warmup, device):
        measured.append((instances, image_size, nms['type']))
        parts = dict.fromkeys(PARTS, Summary(1, 2))
        return PostprocessCost(instances, image_size, parts, Summary(3, 6), 4)

    monkeypatch.setattr('sys.argv', ['postprocess', '--nms', 'fast_nms'])
    monkeypatch.setattr(postprocess, 'measure_postprocess', measure)

    postprocess.main()

    assert len(set(measured)) == 6
    assert {nms for _, _, nms in measured} == {'fast_nms'}
    assert '| 2000 x 1500 | 100 | 1.0 |' in capsys.readouterr().out


@pytest.mark.parametrize(
    ('name', 'arguments', 'message'),
    [
        ('panoptic', ['--models', 'epsnet-r102'], 'neither a config file nor'),
        ('panoptic', ['--size', '1', '2', '3'], 'one or two numbers'),
        ('cpu_leaderboard', ['--threads', '0'], '0 must be at least 1'),
        ('evaluation', ['--ann-file', 'a.json'], 'belong together'),
    ],
)
def test_wrong_arguments(name, arguments, message, capsys):
    with pytest.raises(SystemExit):
        import_module(f'benchmarks.{name}').parse_args(arguments)

    assert message in capsys.readouterr().err


def test_amp_on_the_cpu_of_a_machine_with_a_gpu(monkeypatch, capsys):
    training = import_module('benchmarks.training')
    assert training.parse_args(['--amp', '--device', 'cuda']).amp

    monkeypatch.setattr('torch.cuda.is_available', lambda: True)
    with pytest.raises(SystemExit):
        training.parse_args(['--amp'])

    assert 'give --device cuda' in capsys.readouterr().err
