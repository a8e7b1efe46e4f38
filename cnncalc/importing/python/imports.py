"""Imports, and the files of the package that they load."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.importing.python.files import APPLICATIONS, BLOCKS, FRAMEWORKS, NETWORKS
from cnncalc.importing.python.objects import Class
from cnncalc.importing.python.scopes import Function, LexicalScope, StackFrame
from cnncalc.importing.python.values import Builtin, External, Namespace, Raised, Unknown, Value
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, quoted

if TYPE_CHECKING:
    from cnncalc.importing.python.files import File
    from cnncalc.importing.python.interface import Interface
    from cnncalc.importing.python.machine import Machine

_KNOWN = frozenset(
    (
        *(*FRAMEWORKS, "typing"),
        *("math", "functools", "collections", "itertools", "copy", "argparse", "dataclasses"),
        *("os", "sys", "re", "abc", "warnings", "logging", "random", "time", "json", "enum"),
    )
)
"""Packages that are taken to be there."""


MUTATES = frozenset(
    """
    add append extend insert add_module update pop remove clear register_module setdefault popitem
    __setitem__
    """.split()
)
"""Methods that change what they are called on."""


class Imports:
    """Binds what imports name, and loads the files of the package that they are of."""

    def __init__(self, machine: Machine, above: Interface) -> None:
        self.machine, self.above = machine, above
        self.loaded: dict[str, LexicalScope] = {}  # files, by their names
        self.given: dict[str, Value] = {}
        self.tries = False  # whether an import may fail, and something else then stands for it

    def load(self, name: str, file: File) -> LexicalScope:
        """Return the names of a file of the package, its statements followed where they can be."""
        if name in self.loaded:
            return self.loaded[name]
        scope = self.loaded[name] = LexicalScope()
        scope.names["__name__"] = name
        scope.names["__file__"] = file.source.name
        with self.machine.inside(StackFrame(scope, file)):
            for node in file.tree.body:
                self.attempt(node)
        return scope

    def attempt(self, node: ast.stmt) -> None:
        """Follow a statement of a module; what cannot be followed is a fault where it is needed."""
        scope = self.machine.frame.scope
        own = scope.module is self.loaded.get("")
        try:
            self.above.execute([node])
        except (Problem, Raised) as error:
            problem = error.fault if isinstance(error, Raised) else error
            if problem.code in ("source-too-long", "source-not-python"):
                raise problem from None
            for name in _touched(node, scope):
                scope.names[name] = Unknown(problem)
        if own:
            scope.names.update(self.given)

    def bring(self, node: ast.Import) -> None:
        """Bind what an import names."""
        for each in node.names:
            parts = each.name.split(".")
            name = self.machine.files.find(parts, 0, self.machine.frame.file)
            if name is not None:
                scope = self.load(name, self.machine.files.open(name))
                value: Value = _as_module(scope, name)
                for part in parts[:0:-1] if not each.asname else ():
                    package = Class(part, None, None)
                    package.names = {part: value}
                    value = package
                self.machine.frame.scope.bind(each.asname or parts[0], value)
            else:
                self._may_be_missing(parts[0])
                path = each.name if each.asname else parts[0]
                self.machine.frame.scope.bind(each.asname or parts[0], External(path))

    def bring_from(self, node: ast.ImportFrom) -> None:
        """Bind what is imported from a module."""
        parts = node.module.split(".") if node.module else []
        name = self.machine.files.find(parts, node.level, self.machine.frame.file)
        beside = {
            each.name: found
            for each in node.names
            if (
                found := self.machine.files.find(
                    [*parts, each.name], node.level, self.machine.frame.file
                )
            )
        }
        is_package = name is not None and name.endswith("__init__")
        if is_package and len(beside) == len(node.names):
            name = None  # files of the package, and nothing of its own
        scope = self.load(name, self.machine.files.open(name)) if name else None
        for each in node.names:
            bound = each.asname or each.name
            if each.name == "*":
                self._import_all(node, scope)
                continue
            value: Value
            if scope is not None and each.name in scope.names:
                value = scope.names[each.name]
            elif each.name in beside:
                found = beside[each.name]
                value = _as_module(self.load(found, self.machine.files.open(found)), found)
            elif scope is not None and not is_package:
                self.machine.node = node
                value = self.machine.unknown(_("{name} is not defined", name=quoted(each.name)))
            elif node.level:
                self.machine.node = node
                value = self._far(node.module or ".", each.name)
            else:
                self._may_be_missing(parts[0] if parts else "")
                value = self.block(f"{node.module}.{each.name}")
                value = External(f"{node.module}.{each.name}") if value is None else value
            self.machine.frame.scope.bind(bound, value)

    def _may_be_missing(self, package: str) -> None:
        """Raise where a package that is not followed may be missing, and the source says so."""
        if self.tries and package not in _KNOWN:
            raise self.machine.raised(
                "ImportError", _("{name} is not followed", name=quoted(package))
            )

    def block(self, path: str) -> Value | None:
        """Return a block of torchvision, timm or PyTorch that is known by its lines."""
        package, _dot, _rest = path.partition(".")
        name = path.rpartition(".")[2]
        if package not in ("torchvision", "timm", "torch"):
            return None
        is_model = path.startswith("torchvision.models.")
        for which in (NETWORKS, BLOCKS) if is_model else (BLOCKS,):
            found = self.load(which, self.machine.files.known(which)).names.get(name)
            if isinstance(found, Function | Class) and found.file is self.machine.files.known(
                which
            ):
                return found
        return None

    def application(self, name: str) -> Value | None:
        """Return what makes a network of Keras' applications, known by its lines."""
        known = self.machine.files.known(APPLICATIONS)
        return self.load(APPLICATIONS, known).names.get(name) if name[:1].isupper() else None

    def _far(self, module: str, name: str) -> Value:
        """Return what stands outside the package."""
        if self.machine.files.package == "torchvision" and (
            found := self.block(f"torchvision.{name}")
        ):
            return found
        return self.machine.unknown(
            _("{name} lies outside this package", name=quoted(f"{module}.{name}"))
        )

    def _import_all(self, node: ast.ImportFrom, scope: LexicalScope | None) -> None:
        names = self.machine.frame.scope.names
        if scope is not None:
            listed = scope.names.get("__all__")
            for name, value in scope.names.items():
                if not name.startswith("_") or (isinstance(listed, list) and name in listed):
                    names[name] = value
            self.machine.frame.scope.module.stars += scope.stars
        elif node.level:
            unknown = self._far(node.module or ".", "*")
            self.machine.frame.scope.module.stars.append(unknown)
        else:
            self.machine.frame.scope.module.stars.insert(0, External(node.module or ""))


def _as_module(scope: LexicalScope, name: str) -> Value:
    """Return a file of the package as a value: its names are its attributes."""
    module = Class(name, None, None)
    module.names = scope.names
    return module


def _touched(node: ast.stmt, scope: LexicalScope) -> set[str]:
    """Return the names that a statement binds, or whose values it changes."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            found.add(each.name)
        elif isinstance(each, ast.alias):
            found.add((each.asname or each.name).partition(".")[0])
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            found.add(each.id)
        elif isinstance(each, ast.Attribute | ast.Subscript) and isinstance(each.ctx, ast.Store):
            found |= _root(each)
        elif isinstance(each, ast.Call):
            if isinstance(each.func, ast.Attribute) and _may_change(each.func.attr):
                found |= _root(each.func)
            given = {one.id for one in each.args if isinstance(one, ast.Name)}
            found |= {one for one in given if isinstance(scope.names.get(one), dict | Namespace)}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    plain = (Class, External, Builtin)
    return {name for name in found if not isinstance(scope.names.get(name), plain)}


def _may_change(method: str) -> bool:
    """Return whether a method may change the value that it is called on."""
    return method in MUTATES or method.startswith("merge")


def _root(node: ast.expr) -> set[str]:
    """Return the name that an attribute or an item is of."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()
