"""Calls of functions and classes of a source: their arguments, and the objects that they make."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from cnncalc.importing.python.objects import (
    Bound,
    Class,
    Factory,
    Instance,
    Partial,
    SourceRecord,
    Super,
    Wrapped,
)
from cnncalc.importing.python.scopes import Function, LexicalScope, StackFrame
from cnncalc.importing.python.values import (
    Builtin,
    External,
    Method,
    Names,
    Places,
    Raised,
    Unknown,
    Value,
)
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.importing.python.builtins import Builtins


class Calls:
    """Calls what is of the source; what is of a framework or of Python goes to its reader."""

    def __init__(self, builtins: Builtins) -> None:
        self.machine, self.above = builtins.machine, builtins.above
        self.attributes = builtins.attributes
        self.builtins = builtins

    def call(self, function: Value, places: Places, names: Names) -> Value:
        """Return what a call gives."""
        self.machine.spend(1)
        if isinstance(function, Unknown):
            return function
        if isinstance(function, Function):
            return self.run(function, places, names)
        if isinstance(function, Bound):
            return self.call(function.function, [function.to, *places], names)
        if isinstance(function, Partial):
            return self.call(
                function.function, [*function.places, *places], {**function.names, **names}
            )
        if isinstance(function, Class):
            return self.instantiate(function, places, names)
        if isinstance(function, External):
            return self.above.call_outside(function.path, places, names)
        if isinstance(function, Builtin):
            return self.builtins.call_builtin(function.name, places, names)
        if isinstance(function, Method):
            return self.above.call_method(function.of, function.name, places, names)
        if isinstance(function, Instance):
            return self.above.call_instance(function, places, names)
        if isinstance(function, Wrapped):
            return self.call(function.function, places, names)
        if isinstance(function, str) and function in self.machine.words:
            raise self.machine.words[function]
        raise self.machine.raised("TypeError", _("what is called here is no function"))

    def run(self, function: Function, places: Places, names: Names) -> Value:
        """Return what a function of the source returns."""
        scope = LexicalScope(function.scope)
        self._bind(function, scope, places, names)
        node = function.node
        first = scope.names.get(_first(node.args)) if _first(node.args) else None
        frame = StackFrame(scope, function.file, function.owner, first)
        with self.machine.inside(frame):
            if isinstance(node, ast.Lambda):
                return self.above.evaluate(node.body)
            if node not in self.machine.generators:
                self.machine.generators[node] = function_yields(node)
            if self.machine.generators[node]:
                frame.made = []
            done = self.above.execute(node.body)
            if frame.made is not None:
                return frame.made
        return done.value if isinstance(done, Returned) else None

    def _bind(self, function: Function, scope: LexicalScope, places: Places, names: Names) -> None:
        """Give each argument to a parameter, as Python does."""
        takes = function.node.args
        self.machine.spend(
            (len(takes.args) + len(takes.kwonlyargs) + len(places) + len(names)) // 10
        )
        formals = [each.arg for each in (*takes.posonlyargs, *takes.args)]
        bound = scope.names
        bound.update(zip(formals, places, strict=False))
        if takes.vararg:
            bound[takes.vararg.arg] = tuple(places[len(formals) :])
        elif len(places) > len(formals):
            filled = 1 if _is_method(function, formals) else 0
            counts = len(formals) - filled, len(places) - filled
            raise self._too_many(_called_as(function), *counts)
        rest: dict[str, Value] = {}
        known = dict.fromkeys((*formals, *(each.arg for each in takes.kwonlyargs)))
        for name, value in names.items():
            if name in known and name not in bound:
                bound[name] = value
            elif takes.kwarg and name not in known:
                rest[name] = value
            else:
                raise self._takes_no(_called_as(function), name)
        if takes.kwarg:
            bound[takes.kwarg.arg] = rest
        for name in [each for each in known if each not in bound]:
            if name not in function.defaults:
                raise self._needs(_called_as(function), name)
            bound[name] = function.defaults[name]

    def _too_many(self, name: str, count: int, given: int) -> Raised:
        about = _(
            "{name} takes at most {count}, and {given} are given",
            name=quoted(name),
            count=count,
            given=given,
        )
        return self.machine.raised("TypeError", about)

    def _takes_no(self, name: str, argument: str) -> Raised:
        about = _("{name} takes no {argument}", name=quoted(name), argument=argument)
        return self.machine.raised("TypeError", about)

    def _needs(self, name: str, argument: str) -> Raised:
        about = _("{name} needs its {argument}", name=quoted(name), argument=argument)
        return self.machine.raised("TypeError", about)

    def instantiate(self, cls: Class, places: Places, names: Names) -> Value:
        """Return an object of a class of the source."""
        if Builtin("dict") in cls.order and not cls.find("__init__"):
            return SourceRecord(cls, self.builtins.call_builtin("dict", places, names))
        made = Instance(cls)
        made.place = self.machine.here
        if cls.fields is not None and not cls.find("__init__"):
            self._fill(made, cls, places, names)
            return made
        self.initialise(made, None, places, names)
        return made

    def _fill(self, made: Instance, cls: Class, places: Places, names: Names) -> None:
        """Give the fields of a dataclass or a named tuple their values."""
        fields = cls.fields or ()
        if len(places) > len(fields):
            raise self._too_many(cls.name, len(fields), len(places))
        if other := next((name for name in names if name not in fields), ""):
            raise self._takes_no(cls.name, other)
        given = {**dict(zip(fields, places, strict=False)), **names}
        for field in fields:
            found = cls.find(field)
            value = given[field] if field in given else found[0] if found else Factory(None)
            if isinstance(value, Factory) and value.function is None and value.given:
                raise self._needs(cls.name, field)
            if isinstance(value, Factory):
                value = self.call(value.function, [], {}) if value.function else None
            made.attributes[field] = value
        if post := cls.find("__post_init__"):
            self.call(post[0], [made], {})

    def initialise(self, made: Instance, after: Class | None, places: Places, names: Names) -> None:
        """Initialise an object by the first class that says how, after one of them."""
        cls = made.cls
        if isinstance(cls, Class) and (found := cls.find("__init__", after)):
            self.call(found[0], [made, *places], names)
            return
        if (base := made.outside) is not None:
            self.above.make_outside(made, base, places, names)

    def call_above(self, value: Super, name: str, places: Places, names: Names) -> Value:
        """Call what a framework's class, above those of the source, has by a name."""
        to = value.to
        if not isinstance(to, Instance):
            return None
        if name == "__init__":
            if (base := to.outside) is not None:
                self.above.make_outside(to, base, places, names)
            return None
        if name == "__setattr__" and len(places) == 2:
            self.attributes.set_attribute(to, places[0], places[1])
            return None
        return self.above.call_method(to, name, places, names)


class Returned:
    """What a function returns."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def _is_method(function: Function, formals: Sequence[str]) -> bool:
    """Return whether the first parameter of a function is the object that it is called on."""
    return function.owner is not None and formals[:1] in (["self"], ["cls"])


def _called_as(function: Function) -> str:
    """Return what a function is called as where it is called: an initialiser as its class."""
    owner = function.owner
    return owner.name if owner is not None and function.name == "__init__" else function.name


def _first(takes: ast.arguments) -> str:
    """Return the name of a function's first parameter."""
    places = [*takes.posonlyargs, *takes.args]
    return places[0].arg if places else ""


@lru_cache(maxsize=1024)  # a source is run for each input that is tried
def function_yields(node: ast.FunctionDef) -> bool:
    """Return whether a function is a generator."""
    return any(isinstance(each, ast.Yield | ast.YieldFrom) for each in _own(node))


def _own(node: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield what stands in a function, not in the functions in it."""
    waiting: list[ast.AST] = [*node.body]
    while waiting:
        each = waiting.pop()
        yield each
        if not isinstance(each, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(each)
