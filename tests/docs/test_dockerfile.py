"""The Dockerfile's instructions fit the repository; there is no Docker here."""

import re
import subprocess

from .markdown_files import ROOT

TEXT = (ROOT / 'Dockerfile').read_text(encoding='utf-8')
KNOWN = {'ARG', 'FROM', 'RUN', 'WORKDIR', 'COPY', 'ENV', 'CMD'}


def instructions(text: str = TEXT) -> list[tuple[str, str]]:
    """(instruction, arguments) of each, with its lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith('#')]
    joined = re.sub(r'\\\n\s*', '', '\n'.join(lines))
    return [
        tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()
    ]


def run_commands() -> list[str]:
    runs = [arguments for name, arguments in instructions() if name == 'RUN']
    return [part.strip() for run in runs for part in run.split('&&')]


def test_instructions_are_known():
    names = [name for name, _ in instructions()]
    assert set(names) == KNOWN
    # Only an argument may come before the first image.
    assert names[: names.index('FROM')] == ['ARG']


def test_run_commands_are_valid_shell():
    for name, arguments in instructions():
        if name == 'RUN':
            done = subprocess.run(
                ['bash', '-n', '-c', arguments], capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr


def test_make_targets_exist():
    (command,) = [x for x in run_commands() if x.startswith('make ')]
    done = subprocess.run(
        [*command.split(), '--dry-run'], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert 'setup_venv.sh' in done.stdout
    assert 'build_ops.sh' in done.stdout


def test_arguments_are_those_of_the_set_up():
    scripts = '\n'.join(path.read_text() for path in (ROOT / 'scripts').iterdir())
    base, *others = [x.partition('=')[0] for name, x in instructions() if name == 'ARG']

    assert ('FROM', f'${{{base}}}') in instructions()
    assert {'TORCH_INDEX_URL', 'TORCH_SPEC'} < set(others)
    for argument in others:
        assert argument in scripts, f'nothing reads {argument}'


def test_packages_are_listed_once_in_order():
    (install,) = [x for x in run_commands() if 'apt-get install' in x]
    packages = [x for x in install.split('install ')[1].split() if x[0] != '-']
    assert packages == sorted(set(packages))
    # What the scripts ask for where it is missing.
    assert {'g++', 'make', 'python3-dev', 'python3-venv'} <= set(packages)


def test_the_image_leaves_out_what_git_ignores():
    ignored = (ROOT / '.dockerignore').read_text().splitlines()
    folders = [
        line.strip('/') for line in (ROOT / '.gitignore').read_text().splitlines()
    ]
    kept = [
        folder
        for folder in folders
        if not {folder, f'**/{folder}', f'**/{folder.split("/")[-1]}'} & set(ignored)
    ]
    assert not kept
    assert '.git' in ignored


def test_the_path_is_that_of_the_working_directory():
    found = dict(instructions())
    assert found['ENV'] == f'PATH={found["WORKDIR"]}/.venv/bin:$PATH'
