"""What the tests of the documentation read out of Markdown."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ('configs', 'demo', 'docs', 'packages', 'tests', '.github')

FENCE = re.compile(r' *```(\w*)')
LINK = re.compile(r'\[[^\]\n]*\]\(([^)\s]+)\)')


class Block(NamedTuple):
    """A fenced block of code.

    Attributes:
        file: The file, relative to the root of the repository.
        line: Number of its first line of code.
        language: What follows the fence, such as `python`.
        text: The code, without the indentation of its first line.
    """

    file: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f'{self.file}:{self.line}'


def markdown_files() -> list[str]:
    """All Markdown files of the repository, relative to its root."""
    paths = list(ROOT.glob('*.md'))
    for folder in FOLDERS:
        paths += (ROOT / folder).rglob('*.md')
    return sorted(str(path.relative_to(ROOT)) for path in paths)


def read(file: str) -> str:
    return (ROOT / file).read_text(encoding='utf-8')


def split_blocks(file: str, text: str) -> tuple[list[tuple[int, str]], list[Block]]:
    """Split Markdown into its numbered lines of prose and its blocks of code."""
    prose, blocks = [], []
    code, start, language = [], 0, None
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if language is None and fence:
            code, start, language = [], number + 1, fence[1]
        elif language is None:
            prose.append((number, line))
        elif fence:
            indent = len(code[0]) - len(code[0].lstrip()) if code else 0
            body = '\n'.join(row[indent:] for row in code) + '\n'
            blocks.append(Block(file, start, language, body))
            language = None
        else:
            code.append(line)
    return prose, blocks


def prose_of(file: str) -> list[tuple[int, str]]:
    """The numbered lines outside of code."""
    return split_blocks(file, read(file))[0]


def blocks_of(file: str, language: str) -> list[Block]:
    """The blocks of code in a language."""
    return [b for b in split_blocks(file, read(file))[1] if b.language == language]


def anchors_of(file: str) -> set[str]:
    """The anchors that the headings of a file get."""
    headings = (line for _, line in prose_of(file) if re.match('#+ ', line))
    words = (re.sub(r'[^\w\- ]', '', line.lstrip('# ').lower()) for line in headings)
    return {heading.replace(' ', '-') for heading in words}


def links_of(file: str) -> list[tuple[int, str]]:
    """The numbered targets of the links and pictures of a file."""
    return [
        (number, target)
        for number, line in prose_of(file)
        for target in LINK.findall(re.sub(r'`[^`]*`', '', line))
    ]
