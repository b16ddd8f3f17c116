"""What works on Linux only: such calls are not in the package, tools or scripts."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ('epsnet_mm', 'tools', 'demo', 'benchmarks', 'scripts')
SOURCES = [
    path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob('*.py'))
    if '.mim' not in path.parts
] + [ROOT / 'setup.py']
SHELL_SCRIPTS = sorted([*ROOT.glob('scripts/*.sh'), *ROOT.glob('tools/*.sh')])

#: Method -> how many positional arguments it has with an encoding.
TEXT_METHODS = {'read_text': 1, 'write_text': 2}
#: Commands and paths of GNU or Linux that macOS lacks.
LINUX_ONLY = re.compile(
    r'\bnproc\b(?!_per_node)|/proc/|\bsha256sum\b|\breadlink -f\b|\bsed -i\b|\bsed -r\b'
)


def calls(path_or_source) -> list[ast.Call]:
    source = path_or_source
    if isinstance(source, Path):
        source = source.read_text(encoding='utf-8')
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


def lacks_encoding(call: ast.Call) -> bool:
    """Whether a text file is read or written in the system's encoding."""
    method = getattr(call.func, 'attr', None)
    if method not in TEXT_METHODS:
        return False
    named = {keyword.arg for keyword in call.keywords}
    return 'encoding' not in named and len(call.args) < TEXT_METHODS[method]


def renames(call: ast.Call) -> bool:
    """Whether a file is renamed; Windows refuses that if the new name is taken."""
    function = call.func
    return isinstance(function, ast.Attribute) and function.attr in (
        'rename',
        'renames',
    )


def places(found) -> list[str]:
    return [
        f'{path.relative_to(ROOT)}:{call.lineno}'
        for path in SOURCES
        for call in calls(path)
        if found(call)
    ]


def test_text_files_are_utf_8():
    assert places(lacks_encoding) == []


def test_files_are_replaced_not_renamed():
    assert places(renames) == []


@pytest.mark.parametrize('path', SHELL_SCRIPTS, ids=lambda path: path.name)
def test_scripts_use_no_command_of_linux_alone(path):
    assert LINUX_ONLY.findall(path.read_text(encoding='utf-8')) == []


@pytest.mark.parametrize(
    ('source', 'expected'),
    [
        ('path.read_text()', True),
        ("path.read_text('utf-8')", False),
        ('path.write_text(x)', True),
        ("path.write_text(x, encoding='utf-8')", False),
        ('file.read()', False),
    ],
)
def test_missing_encodings_are_found(source, expected):
    assert lacks_encoding(calls(source)[0]) is expected


def test_renames_are_found():
    assert renames(calls('os.rename(a, b)')[0])
    assert not renames(calls('os.replace(a, b)')[0])
