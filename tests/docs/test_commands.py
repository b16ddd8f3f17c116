"""The commands in the documentation name files and flags that exist."""

import functools
import re
import runpy
import shlex
import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest

from .markdown_files import ROOT, Block, blocks_of, markdown_files

BLOCKS = [block for file in markdown_files() for block in blocks_of(file, 'bash')]
# Files that a reader is to write.
OF_THE_READER = re.compile(r'_mine\.py$')


def commands_of(text: str) -> list[list[str]]:
    """The words of each command of a shell script, without its control flow."""
    text = re.sub(r'\\\n', ' ', text)
    commands = []
    for line in text.splitlines():
        line = re.sub(r'^\s*(?:[A-Z_]+=\S+ )*', '', line)
        # `python -c` holds its program, often over several lines.
        if re.match(r'(?:python(?! -c)|bash|make|\.venv/bin/python) ', line):
            # Nested commands, as in `$(for ...`, are no part of this one.
            words = shlex.split(line.split('$(')[0], comments=True)
            commands.append(words)
    return commands


@functools.lru_cache
def help_of(tool: str) -> str:
    """What `--help` prints of a script's path or a module's name."""
    arguments, sys.argv = sys.argv, [tool, '--help']
    try:
        with redirect_stdout(StringIO()) as printed, pytest.raises(SystemExit) as end:
            if tool.endswith('.py'):
                runpy.run_path(str(ROOT / tool), run_name='__main__')
            else:
                runpy.run_module(tool, run_name='__main__')
    finally:
        sys.argv = arguments
    assert not end.value.code, f'{tool} --help fails'
    return printed.getvalue()


def tool_and_arguments(words: list[str]) -> tuple[str | None, list[str]]:
    """What a command runs, as `help_of` takes it, and the rest of its words."""
    program, first, *rest = words
    if first == '-m':
        return rest[0], rest[1:]
    if program == 'bash':
        # It hands its options on to the tool of the same name.
        return re.sub(r'dist_(\w+)\.sh$', r'\1.py', first), rest
    return (first, rest) if first.endswith('.py') else (None, [])


def check(words: list[str]) -> None:
    """Fail where a command names a file or a flag that does not exist."""
    if words[0] == 'make':
        targets = re.findall(r'^([\w-]+):', (ROOT / 'Makefile').read_text(), re.M)
        asked = [word for word in words[1:] if '=' not in word]
        assert set(asked) <= set(targets), f'make has no target {asked}'
        return
    tool, arguments = tool_and_arguments(words)
    if tool is None or tool == 'pytest':
        return
    if words[1] != '-m':
        assert (ROOT / words[1]).is_file(), f'{words[1]} does not exist'
    for word in arguments:
        if re.match('--[a-z]', word):
            flag = word.partition('=')[0]
            assert re.search(rf'{flag}\b(?!-)', help_of(tool)), f'{tool} has no {flag}'
        elif re.match('(configs|tools|demo|tests)/', word) and not (
            '$' in word or '*' in word or OF_THE_READER.search(word)
        ):
            assert (ROOT / word).exists(), f'{word} does not exist'


@pytest.mark.parametrize('block', BLOCKS, ids=str)
def test_commands_exist(block: Block):
    for words in commands_of(block.text):
        check(words)


def test_commands_are_found():
    text = """
    for a in b; do
      OMP_NUM_THREADS=1 python tools/train.py \\
          configs/a.py --amp   # a comment
    done
    python x.py $(for a in b; do
    """
    assert commands_of(text) == [
        ['python', 'tools/train.py', 'configs/a.py', '--amp'],
        ['python', 'x.py'],
    ]
    assert sum(len(commands_of(block.text)) for block in BLOCKS) > 30


@pytest.mark.parametrize(
    ('command', 'message'),
    [
        ('python tools/trane.py', 'tools/trane.py does not exist'),
        ('python tools/misc/make_shapes.py a --sizes 3', 'has no --sizes'),
        ('python tools/misc/make_shapes.py configs/x.py', 'configs/x.py does not'),
        ('bash tools/dist_train.sh configs/x.py 8', 'configs/x.py does not exist'),
        ('python -m benchmarks.attention --thread 2', 'has no --thread'),
        ('make tests', 'make has no target'),
    ],
)
def test_wrong_commands_are_found(command, message):
    with pytest.raises(AssertionError, match=message):
        check(shlex.split(command))
