"""Small changes of Python code, each of which a test should notice."""

import ast
from collections.abc import Callable, Iterator

_SWAPPED: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_OPPOSITES = {
    'min': 'max',
    'amin': 'amax',
    'any': 'all',
    'floor': 'ceil',
    'argmin': 'argmax',
    'ones': 'zeros',
}
_OPPOSITES |= {right: left for left, right in _OPPOSITES.items()}
# Without them the code does the same on a CPU with sound input.
_WITHOUT_EFFECT = ('device', 'strict', 'stacklevel')


def changes_of(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    """The changes of one node of a syntax tree.

    Yields:
        What the change is, and a function that makes it in place.
    """
    if isinstance(node, ast.Compare | ast.BinOp | ast.AugAssign | ast.BoolOp):
        yield from _swaps(node)
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd):
        # `+x` is x, for numbers; `not x` becomes `not not x`.
        kind = type(node.op).__name__
        yield f'drop {kind}', lambda: _drop_unary(node)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield 'negate the condition', lambda: _negate(node)
    elif isinstance(node, ast.Attribute) and node.attr in _OPPOSITES:
        other = _OPPOSITES[node.attr]
        yield f'{node.attr} -> {other}', lambda: setattr(node, 'attr', other)
    elif isinstance(node, ast.Call):
        for position, keyword in enumerate(node.keywords):
            if keyword.arg and keyword.arg not in _WITHOUT_EFFECT:
                yield (
                    f'drop the argument {keyword.arg}',
                    lambda position=position: node.keywords.pop(position),
                )
    elif isinstance(node, ast.Return) and node.value is not None:
        yield 'return None', lambda: setattr(node, 'value', ast.Constant(None))
    for field in ('body', 'orelse'):
        statements = getattr(node, field, None)
        if isinstance(statements, list):
            yield from _removals(statements)


def _swaps(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    operators = node.ops if isinstance(node, ast.Compare) else [node.op]
    for position, operator in enumerate(operators):
        other = _SWAPPED.get(type(operator))
        if other is None:
            continue

        def change(position: int = position, other: type = other) -> None:
            if isinstance(node, ast.Compare):
                node.ops[position] = other()
            else:
                node.op = other()

        yield f'{type(operator).__name__} -> {other.__name__}', change


def _other_constants(node: ast.Constant) -> Iterator[tuple[str, Callable[[], None]]]:
    value = node.value
    if isinstance(value, bool):
        other = not value
    elif isinstance(value, int | float):
        other = value + 1
    else:
        return
    yield f'{value} -> {other}', lambda: setattr(node, 'value', other)


def _drop_unary(node: ast.UnaryOp) -> None:
    if isinstance(node.op, ast.Not):
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    else:
        node.op = ast.UAdd()


def _negate(node: ast.If | ast.IfExp | ast.While) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _removals(statements: list) -> Iterator[tuple[str, Callable[[], None]]]:
    for position, statement in enumerate(statements):
        is_call = isinstance(statement, ast.Expr) and not isinstance(
            statement.value, ast.Constant
        )
        if is_call or isinstance(statement, ast.Raise | ast.AugAssign):
            yield (
                f'remove the {type(statement).__name__}',
                lambda position=position: statements.__setitem__(position, ast.Pass()),
            )
