"""Pages keep to the rules of CONTRIBUTING.md, and lead to what exists."""

import re

import pytest

from .markdown_files import (
    LINK,
    ROOT,
    anchors_of,
    blocks_of,
    links_of,
    markdown_files,
    prose_of,
)

MAX_COLUMNS = 120
# Of git; a number in a table has no letter.
COMMIT = re.compile(r'\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b')
# What CONTRIBUTING.md asks to call by the word of the field.
WORDS = re.compile(
    r'\b(goals?|data sets?|made pictures?|peers?|framed|back and forth)\b',
    re.IGNORECASE,
)

every_file = pytest.mark.parametrize('file', markdown_files())


@every_file
def test_lines_are_short(file):
    long = [
        number
        for number, line in prose_of(file)
        if len(line) > MAX_COLUMNS
        # A table has no other way; links and long commands cannot be broken.
        and not line.lstrip().startswith('|')
        and len(re.sub('`[^`]{60,}`', '', LINK.sub('', line))) > MAX_COLUMNS
    ]
    assert not long, f'{file}: lines of more than {MAX_COLUMNS} characters: {long}'


@every_file
def test_links_lead_somewhere(file):
    for number, target in links_of(file):
        if re.match('[a-z]+:', target):
            continue
        path, _, anchor = target.partition('#')
        path = (ROOT / file).parent / path if path else ROOT / file
        assert path.exists(), f'{file}:{number}: {target}: no such file'
        if anchor and path.suffix == '.md':
            name = str(path.resolve().relative_to(ROOT))
            assert anchor in anchors_of(name), f'{file}:{number}: {target}: no heading'


@pytest.mark.parametrize(
    'file', [file for file in markdown_files() if file.startswith(('README', 'docs/'))]
)
def test_no_commits_and_only_words_of_the_field(file):
    # Not in code: names of weights hold hashes too.
    found = [
        f'{file}:{number}: {match[0]}'
        for number, line in prose_of(file)
        for pattern in (COMMIT, WORDS)
        for match in pattern.finditer(line)
    ]
    assert not found


@pytest.mark.parametrize(
    ('text', 'found'),
    [('commit 8c49668 with', True), ('0000000142238', False), ('defaced', False)],
)
def test_commits_are_told_from_words_and_numbers(text, found):
    assert bool(COMMIT.search(text)) is found


@every_file
def test_python_compiles(file):
    for block in blocks_of(file, 'python'):
        compile(block.text, str(block), 'exec')


def rows_of_paper_to_code() -> list[list[str]]:
    lines = [line for _, line in prose_of('docs/paper_to_code.md')]
    rows = [line.strip('| ').split(' | ') for line in lines if line.startswith('| ')]
    return rows[2:]


def test_paths_of_paper_to_code_exist():
    rows = rows_of_paper_to_code()
    paths = {path for row in rows for path in re.findall('`([^`]+/[^`]*)`', str(row))}

    assert len(paths) > 20
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_names_of_paper_to_code_are_in_their_files():
    checked = 0
    for row in rows_of_paper_to_code():
        files = [ROOT / path for path in re.findall(r'`([^`]+\.py)`', row[2])]
        source = '\n'.join(path.read_text(encoding='utf-8') for path in files)
        # Of a row with a file, what MMDetection or mmcv adds is not in the file.
        if not files or 'mmcv' in row[2]:
            continue
        for name in re.findall('`([^`]+)`', row[3]):
            checked += 1
            assert name.rpartition('.')[2] in source, f'{name} is not in {row[2]}'
    assert checked > 15
