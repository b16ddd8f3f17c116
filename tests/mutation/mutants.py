"""The mutants of a module: copies of it that differ in one place."""

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

from .operators import changes_of

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Mutant:
    """A change of one function.

    Attributes:
        path: The module's file.
        function: First line and name of the function.
        change: Number of the change within the function.
        line: Where the change is.
        text: What the change is.
    """

    path: Path
    function: tuple[int, str]
    change: int
    line: int
    text: str

    def __str__(self) -> str:
        return f'{self.path.name}:{self.line} {self.function[1]}: {self.text}'


def mutants_of(path: Path) -> list[Mutant]:
    """All mutants of a module, in the order of its lines.

    Default arguments and module constants stay: Python evaluates them on import.
    """
    tree = ast.parse(path.read_text(encoding='utf-8'))
    return [
        Mutant(path, _key(function), number, line, text)
        for function in _functions(tree)
        for number, (line, text, _) in enumerate(_changes(function))
    ]


def install(mutant: Mutant) -> None:
    """Give the functions of this process the code of a mutant.

    Raises:
        LookupError: If no such function is there.
        ValueError: If the change needs other variables of an outer function.
    """
    tree = ast.parse(mutant.path.read_text(encoding='utf-8'))
    (function,) = (each for each in _functions(tree) if _key(each) == mutant.function)
    list(_changes(function))[mutant.change][2]()
    module = compile(ast.fix_missing_locations(tree), str(mutant.path), 'exec')
    code = _code_of(module, mutant.function)
    found = [
        each
        for each in gc.get_objects()
        if isinstance(each, FunctionType)
        and each.__code__.co_filename == str(mutant.path)
        and (each.__code__.co_firstlineno, each.__name__)
        == (code.co_firstlineno, code.co_name)
    ]
    if not found:
        raise LookupError(f'{mutant.path} has no function {mutant.function} in use')
    for each in found:
        each.__code__ = code


def _key(function: Function) -> tuple[int, str]:
    return function.lineno, function.name


def _functions(tree: ast.AST) -> Iterator[Function]:
    """Functions and methods; those inside of functions belong to them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node
        elif isinstance(node, ast.ClassDef | ast.If | ast.Try):
            yield from _functions(node)


def _changes(function: Function) -> Iterator[tuple]:
    """Line, text and action of each change."""
    for statement in function.body:
        for node in _nodes(statement):
            for text, change in changes_of(node):
                yield getattr(node, 'lineno', statement.lineno), text, change
    # Statements of the body itself; the nodes inside have been visited.
    shell = ast.Module(function.body, [])
    for text, change in changes_of(shell):
        yield function.lineno, text, change


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes of an expression or statement that a test can be asked to tell apart."""
    if isinstance(node, ast.JoinedStr):
        return  # a message
    yield node
    for name, value in ast.iter_fields(node):
        if name in ('annotation', 'returns', 'decorator_list'):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _nodes(child)


def _code_of(code: CodeType, function: tuple[int, str]) -> CodeType | None:
    for constant in code.co_consts:
        if not isinstance(constant, CodeType):
            continue
        # A function with decorators begins at the first of them.
        if constant.co_name == function[1] and constant.co_firstlineno <= function[0]:
            body = {line for *_, line in constant.co_lines() if line}
            if function[0] in body or min(body | {10**9}) >= function[0]:
                return constant
        if found := _code_of(constant, function):
            return found
    return None
