"""Which class or function of a source is the network, and with which arguments."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.importing.python.objects import Class, Instance
from cnncalc.importing.python.scopes import Function
from cnncalc.importing.python.values import External

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnncalc.importing.python.scopes import LexicalScope
    from cnncalc.importing.python.values import Value

_BASES = frozenset(("Module", "LightningModule", "Sequential", "Model", "Layer", "ModuleList"))


_OTHERS = frozenset(
    ("flax", "haiku", "equinox", "mxnet", "paddle", "mindspore", "chainer", "mlx", "tinygrad")
)
"""Frameworks whose modules are not read."""


def other_framework(tree: ast.Module) -> tuple[ast.stmt, str] | None:
    """Return the line that imports a framework whose modules are not read, and its name.

    None where PyTorch or Keras is imported as well.
    """
    found: dict[str, ast.stmt] = {}
    for node in tree.body:
        paths = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            paths = [node.module]
        for path in paths:
            found.setdefault(path.split(".")[0], node)
    if found.keys() & {"torch", "keras", "tensorflow"}:
        return None
    return next(((node, name) for name, node in found.items() if name in _OTHERS), None)


def is_network(value: Value) -> bool:
    """Return whether a value is a class of networks of the source's own."""
    return isinstance(value, Class) and any(
        isinstance(each, External) and each.name in _BASES for each in value.order
    )


def is_model(value: Value) -> bool:
    """Return whether a value is a network that was made."""
    return isinstance(value, Instance) and value.outside is not None


def models(scope: LexicalScope) -> dict[str, Value]:
    """Return the networks that a module made, by their names; single layers where there is none."""
    found = {name: each for name, each in scope.names.items() if is_model(each)}
    return {name: each for name, each in found.items() if each.spec is None} or found


def classes(scope: LexicalScope, own: object) -> dict[str, Class]:
    """Return the classes of networks that a module defines itself, by their names."""
    return {
        name: value
        for name, value in scope.names.items()
        if is_network(value) and value.file is own and value.name == name
    }


def named_in(node: ast.AST) -> set[str]:
    """Return the names that stand in a node."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def free_in(text: str) -> set[str]:
    """Return the names of a module's own, which a function may read: not what one has inside."""
    import symtable

    try:
        waiting = [symtable.symtable(text, "", "exec")]
    except (SyntaxError, RecursionError):  # as two parameters of one name, which a tree may have
        return named_in(ast.parse(text))
    found: set[str] = set()
    while waiting:
        table = waiting.pop()
        is_module = table.get_type() == "module"
        found |= {each.get_name() for each in table.get_symbols() if is_module or each.is_global()}
        waiting += table.get_children()
    return found


def assigned(tree: ast.Module) -> set[str]:
    """Return the variables of a module: what it assigns itself, in an `if` or a `try` too."""
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return found


def outermost(found: dict[str, Class]) -> list[str]:
    """Return the classes that no other class names: those that are no part of another.

    A layer of Keras' is a part of a model, where there is one.
    """
    used: set[str] = set()
    for name, cls in found.items():
        if cls.node is not None:
            used |= named_in(cls.node) - {name}
            for each in cls.order[1:]:
                if isinstance(each, Class):
                    used.add(each.name)
    left = [name for name in found if name not in used]
    return [name for name in left if is_whole(found[name])] or left


def is_whole(value: Value) -> bool:
    """Return whether a class is more than a layer of Keras'."""
    names = {each.name for each in value.order if isinstance(each, External)} if value else set()
    return "Layer" not in names


_MAKERS = frozenset(("Model", "Sequential", "Functional"))


def builders(scope: LexicalScope, own: object, made: Iterable[str]) -> dict[str, Function]:
    """Return the functions of a module that make a network, and that no other such or class calls.

    They make one of some classes, or a model of Keras'; without either, they are all functions that
    return something.
    """
    made = set(made)
    functions = {
        name: value
        for name, value in scope.names.items()
        if isinstance(value, Function)
        and value.file is own
        and any(isinstance(each, ast.Return) and each.value for each in ast.walk(value.node))
    }
    named = {name: named_in(value.node) for name, value in functions.items()}
    found = [name for name in functions if named[name] & made or makes_itself(functions[name])]
    found = found or ([] if made else list(functions))
    parts: set[str] = set()
    for each in classes(scope, own).values() if made else ():
        parts |= named_in(each.node) if each.node else set()
    found = [name for name in found if name not in parts]
    called = {each for name in found for each in named[name] - {name}}
    outer = [name for name in found if name not in called]
    return {name: functions[name] for name in outer or found}


def makes_itself(value: Function) -> bool:
    """Return whether a function makes a model of a framework's own classes."""
    return any(
        (isinstance(each, ast.Name) and each.id in _MAKERS)
        or (isinstance(each, ast.Attribute) and each.attr in _MAKERS)
        for each in ast.walk(value.node)
    )


def uses(tree: ast.Module, names: Iterable[str]) -> Iterator[ast.Call]:
    """Yield calls of some names outside classes: how a source itself makes its network."""
    wanted = set(names)
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop(0)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in wanted
        ):
            yield node
        if not isinstance(node, ast.ClassDef):
            waiting += ast.iter_child_nodes(node)


def parameters(value: Value) -> tuple[ast.arguments | None, int, dict[str, Value]]:
    """Return what a class or function takes, how many of it are filled in, and its defaults."""
    if isinstance(value, Class):
        found = value.find("__init__")
        value = found[0] if found else None
        if not isinstance(value, Function):
            return None, 0, {}
        return value.node.args, 1, value.defaults
    if isinstance(value, Function):
        return value.node.args, 0, value.defaults
    return None, 0, {}


def needed(value: Value) -> list[str]:
    """Return the names of the parameters that must be given."""
    takes, filled, defaults = parameters(value)
    if takes is None:
        return []
    formals = [*takes.posonlyargs, *takes.args][filled:]
    return [each.arg for each in (*formals, *takes.kwonlyargs) if each.arg not in defaults]


def signature(name: str, value: Value) -> str:
    """Return what a class or function takes, as it is called."""
    takes, filled, defaults = parameters(value)
    if takes is None:
        return f"{name}()"
    words = []
    for each in [*takes.posonlyargs, *takes.args, *takes.kwonlyargs][filled:]:
        default = defaults.get(each.arg, ...)
        plain = isinstance(default, int | float | str | bool | type(None))
        words.append(
            each.arg
            if default is ...
            else f"{each.arg}={default!r}"
            if plain
            else f"{each.arg}=..."
        )
    return f"{name}({', '.join(words)})"
