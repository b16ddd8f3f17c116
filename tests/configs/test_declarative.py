"""Config files declare: a reader, or a tool, need not run one in the mind."""

import ast

import pytest

from .conftest import CONFIGS


def other_statements(source):
    """Lines of the statements that don't give a value to a name."""
    return [
        statement.lineno
        for statement in ast.parse(source).body
        if not (
            isinstance(statement, ast.Assign)
            and all(isinstance(target, ast.Name) for target in statement.targets)
        )
    ]


@pytest.mark.parametrize(
    'path', sorted(CONFIGS.rglob('*.py')), ids=lambda path: path.stem
)
def test_configs_only_assign(path):
    assert other_statements(path.read_text(encoding='utf-8')) == []


@pytest.mark.parametrize(
    'line',
    [
        'for x in (1, 2): y = x',
        'del x',
        'x.y = 1',
        'x[1] = 2',
        'x += [1]',
        'x.append(1)',
        'import os',
    ],
)
def test_other_statements_are_found(line):
    assert other_statements(f"_base_ = './a.py'\n{line}\nz = dict(a=1)\n") == [2]
