"""Checks of the committed files that no linter makes."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

MAX_LINES = 300

# In pieces, so that this file passes its own check.
FORBIDDEN = re.compile(
    '|'.join(
        [
            # Hosts of package registries, and an index on the machine itself.
            r'\b(?:test\.)?py' r'pi\.org',
            'python' r'hosted\.org',
            'download' r'\.py' r'torch\.org',
            r'file:' r'///\w',
            # Folders of one person's machine.
            r'(?<![\w./-])/(?:work|opt|root|home|Users)' r'/[\w.]',
        ]
    )
)

# In pieces, for the same reason.
BRITISH = re.compile(
    r'(?i)colo'
    r'ur|\bgre'
    r'y|normali'
    r's|neighbo'
    r'ur|initiali'
    r's|cent'
    r're|behavio'
    r'ur'
)
PACKAGES = ('epsnet_mm', 'epsnet_runtime')


@pytest.fixture(scope='module')
def committed_files(repo_root) -> dict[str, str]:
    """Committed text files: name -> content."""
    if not (repo_root / '.git').exists() or shutil.which('git') is None:
        pytest.skip('not a git checkout')
    listed = subprocess.run(
        ['git', 'ls-files', '-z'],
        cwd=repo_root,
        capture_output=True,
        text=True,
        check=True,
    )
    texts = {}
    for name in filter(None, listed.stdout.split('\0')):
        try:
            texts[name] = Path(repo_root, name).read_text(encoding='utf-8')
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or a file that is about to be deleted
    return texts


def test_no_source_file_is_too_long(committed_files):
    too_long = {
        name: text.count('\n')
        for name, text in committed_files.items()
        if name.endswith(('.py', '.sh')) and text.count('\n') > MAX_LINES
    }
    assert not too_long, f'more than {MAX_LINES} lines; split them: {too_long}'


def test_no_registry_host_or_machine_path_is_committed(committed_files):
    found = [
        f'{name}:{number}: {match.group()}'
        for name, text in committed_files.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in FORBIDDEN.finditer(line)
    ]
    assert not found, f'only right on one machine or network: {found}'


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('pip install --index-url https://py' + 'pi.org/simple', True),
        ('cache at /ro' + 'ot/.cache', True),
        ('work_dirs/epsnet and tools/home/x', False),
        ('../shared/data/coco_samples', False),
    ],
)
def test_forbidden_pattern(text, expected):
    assert bool(FORBIDDEN.search(text)) is expected


def test_spelling_is_american(committed_files):
    found = [
        f'{name}:{number}: {match.group()}'
        for name, text in committed_files.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in BRITISH.finditer(line)
    ]
    assert not found


def test_lists_of_a_room_name_all_that_is_in_it(repo_root):
    listed = 0
    for package in PACKAGES:
        for path in Path(repo_root, package).rglob('__init__.py'):
            text = ast.get_docstring(ast.parse(path.read_text(encoding='utf-8'))) or ''
            bullets = re.findall('^- (`.*?):', text, re.MULTILINE)
            files = {x.stem for x in path.parent.glob('*.py')} - {'__init__'}
            files |= {x.parent.name for x in path.parent.glob('*/__init__.py')}
            assert not bullets or set(re.findall(r'`(\w+)`', str(bullets))) == files, (
                path
            )
            listed += bool(bullets)
    assert listed > 3


@pytest.mark.parametrize('page', ['README.md', 'CONTRIBUTING.md'])
def test_layouts_name_all_rooms(repo_root, page):
    text = Path(repo_root, page).read_text(encoding='utf-8')
    rooms = [x.parent.name for x in Path(repo_root, 'epsnet_mm').glob('*/__init__.py')]
    assert len(rooms) > 5
    assert not [room for room in rooms if f'{room}/' not in text]
