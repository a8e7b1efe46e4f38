"""What the outputs of a network are called that has several: by what its source returns."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.importing.labels import label_of
from cnncalc.importing.python.objects import Class, Instance
from cnncalc.importing.python.scopes import Function
from cnncalc.kinds.table import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.importing.python.values import Value


def returned_names(model: Value) -> list[str]:
    """Return the names in the last line of a model that returns, of its values or of their list."""
    found = None
    if isinstance(model, Instance) and isinstance(model.cls, Class):
        for name in ("forward", "call", "__call__"):
            found = found or model.cls.find(name)
    function = found[0] if found else None
    last: list[str] = []
    for each in _returns(function.node) if isinstance(function, Function) else ():
        if isinstance(each.value, ast.Tuple | ast.List):
            last = [_name_of(one) for one in each.value.elts]
        elif each.value is not None:
            last = [_name_of(each.value)]
    return last


def _returns(node: ast.AST) -> Iterator[ast.Return]:
    """Yield what a function returns, not what the functions in it do."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.Return):
            yield each
        if not isinstance(each, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield from _returns(each)


def _name_of(node: ast.expr) -> str:
    """Return what an expression is called: a variable, or a module that is called."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def labels_of(names: Sequence[str]) -> list[str]:
    """Return the labels of outputs: their names, or their numbers where these say nothing.

    >>> labels_of(["scores", "boxes"]), labels_of(["map"] * 3), labels_of(["x", "relu"])
    (['scores', 'boxes'], ['map1', 'map2', 'map3'], ['out1', 'out2'])
    """
    found = [label_of(name) for name in names]
    own = [name for name in found if len(name) > 1 and name not in NAMES]
    if len({*found}) == 1 and len(found[0]) > 1 and found[0] not in NAMES:
        return [f"{found[0]}{number}" for number in range(1, len(found) + 1)]
    if len(own) < len(found) or len({*own}) < len(own):
        own = []
    return own or [f"out{number}" for number in range(1, len(found) + 1)]
