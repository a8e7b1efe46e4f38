"""Functions and classes of a source, and their decorators."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cnncalc.importing.python.objects import Class, Wrapped
from cnncalc.importing.python.scopes import LexicalScope, StackFrame
from cnncalc.importing.python.values import Builtin, External, Raised, Unknown, Value
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from cnncalc.importing.python.expressions import Expressions

_OF_FIELDS = ("NamedTuple", "BaseModel", "BaseSettings")
"""Bases that make a class of fields of what is annotated in it."""

DATACLASS = ("dataclass", "define", "attrs", "s", "frozen", "mutable")
"""Decorators that do."""


class DefinitionReading:
    """Follows definitions of functions and classes."""

    def __init__(self, expressions: Expressions) -> None:
        self.machine, self.above = expressions.machine, expressions.above
        self.calls = expressions.calls
        self.expressions = expressions

    def define_function(self, node: ast.FunctionDef) -> None:
        """Bind a function, as its decorators leave it."""
        value: Value = self.expressions.made_function(node)
        for each in reversed(node.decorator_list):
            value = self._decorated(each, value)
        self.machine.frame.scope.bind(node.name, value)

    def _decorated(self, node: ast.expr, value: Value) -> Value:
        called = node.func if isinstance(node, ast.Call) else node
        decorator = self.expressions.evaluate(called)
        if isinstance(decorator, Builtin):
            how = {"property": "property", "staticmethod": "static", "classmethod": "class"}
            if decorator.name in how:
                return Wrapped(how[decorator.name], value)
        if isinstance(decorator, External) and decorator.name == "cached_property":
            return Wrapped("property", value)
        if isinstance(decorator, External) and decorator.name in DATACLASS:
            if isinstance(value, Class):
                value.fields = _fields(value)
            return value
        if isinstance(called, ast.Attribute) and called.attr in ("setter", "deleter"):
            return self.machine.frame.scope.names.get(value.name, value)
        if isinstance(decorator, External | Unknown):
            return value
        try:
            made = self.calls.call(self.expressions.evaluate(node), [value], {})
        except (Problem, Raised):
            return value  # a decorator is taken to leave what it decorates as it is
        return value if isinstance(made, Unknown) else made

    def define_class(self, node: ast.ClassDef) -> None:
        """Bind a class, as its decorators leave it."""
        cls = Class(node.name, node, self.machine.frame.file)
        bases = [self.expressions.evaluate(each) for each in node.bases]
        for each in bases:
            self.machine.spend(len(bases) * len(each.order) if isinstance(each, Class) else 1)
        cls.order = (cls, *_order(bases))
        for each in bases:
            if isinstance(each, Unknown):
                cls.order = (*cls.order, External("?"))
                cls.names["?"] = each
        scope = LexicalScope(self.machine.frame.scope, is_class=True)
        with self.machine.inside(StackFrame(scope, self.machine.frame.file)):
            self.above.execute(node.body)
        annotated = scope.names.pop("", [])
        cls.names.update(scope.names)
        cls.names["__annotated__"] = annotated
        if any(isinstance(each, External) and each.name in _OF_FIELDS for each in cls.order):
            cls.fields = _fields(cls)
        for value in scope.names.values():
            inner = value.function if isinstance(value, Wrapped) else value
            if hasattr(inner, "owner"):
                inner.owner = cls
        made: Value = cls
        for each in reversed(node.decorator_list):
            made = self._decorated(each, made)
        self.machine.frame.scope.bind(node.name, made)


def _fields(cls: Class) -> tuple[str, ...]:
    """Return the annotated names of a class and of its bases, in order."""
    found: dict[str, None] = {}
    for each in reversed(cls.order):
        if isinstance(each, Class):
            found.update(dict.fromkeys(each.names.get("__annotated__", ())))
    return tuple(found)


def _order(bases: list[Value]) -> tuple[Any, ...]:
    """Return the order in which bases are looked up: each behind the classes that come of it."""
    found: list[Any] = []
    for base in bases:
        several = base.order if isinstance(base, Class) else (base,)
        found += [each for each in several if isinstance(each, Class | External | Builtin)]
    return tuple(dict.fromkeys(reversed(found)))[::-1]
