"""Calls of functions and classes of a source, and what attributes of values are."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cnncalc.importing.python import operators
from cnncalc.importing.python.expressions import Expressions
from cnncalc.importing.python.scopes import Frame, Scope
from cnncalc.importing.python.values import (
    NOTHING,
    Bound,
    Builtin,
    Class,
    External,
    Function,
    Instance,
    Learned,
    Method,
    Namespace,
    Parser,
    Partial,
    Parts,
    Super,
    Tensor,
    Unknown,
    Value,
    Wrapped,
)
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator


class Calls(Expressions):
    """Calls what is of the source; what is of a framework or of Python goes to its reader."""

    # ------------------------------------------------------------ to be had from the others

    def call_outside(self, path: str, places: list[Value], names: dict[str, Value]) -> Value:
        """Return what a function or class outside the source gives."""
        raise NotImplementedError

    def call_builtin(self, name: str, places: list[Value], names: dict[str, Value]) -> Value:
        """Return what a function of Python's own gives."""
        raise NotImplementedError

    def call_method(
        self, value: Value, name: str, places: list[Value], names: dict[str, Value]
    ) -> Value:
        """Return what a method of a value gives that is no object of the source."""
        raise NotImplementedError

    def call_instance(self, value: Instance, places: list[Value], names: dict[str, Value]) -> Value:
        """Return what an object gives that is called."""
        raise NotImplementedError

    def make_outside(
        self, value: Instance, base: External, places: list[Value], names: dict[str, Value]
    ) -> None:
        """Make an object what its base outside the source makes of it."""
        raise NotImplementedError

    def attribute_outside(self, value: Value, name: str) -> Value | None:
        """Return an attribute that a framework gives a value; None where it has none."""
        raise NotImplementedError

    # ------------------------------------------------------------ calls

    def call(self, function: Value, places: list[Value], names: dict[str, Value]) -> Value:
        """Return what a call gives."""
        self.spend(1)
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
            return self.call_outside(function.path, places, names)
        if isinstance(function, Builtin):
            return self.call_builtin(function.name, places, names)
        if isinstance(function, Method):
            return self.call_method(function.of, function.name, places, names)
        if isinstance(function, Instance):
            return self.call_instance(function, places, names)
        if isinstance(function, Wrapped):
            return self.call(function.function, places, names)
        raise self.raised("TypeError", _("what is called here is no function"))

    def run(self, function: Function, places: list[Value], names: dict[str, Value]) -> Value:
        """Return what a function of the source returns."""
        scope = Scope(function.scope)
        self._bind(function, scope, places, names)
        node = function.node
        first = scope.names.get(_first(node.args)) if _first(node.args) else None
        frame = Frame(scope, function.file, function.owner, first)
        with self.inside(frame):
            if isinstance(node, ast.Lambda):
                return self.evaluate(node.body)
            if function_yields(node):
                frame.made = []
            done = self.execute(node.body)
            if frame.made is not None:
                return frame.made
        return done.value if isinstance(done, Returned) else None

    def _bind(
        self, function: Function, scope: Scope, places: list[Value], names: dict[str, Value]
    ) -> None:
        """Give each argument to a parameter, as Python does."""
        takes = function.node.args
        formals = [each.arg for each in (*takes.posonlyargs, *takes.args)]
        bound = scope.names
        bound.update(zip(formals, places, strict=False))
        if takes.vararg:
            bound[takes.vararg.arg] = tuple(places[len(formals) :])
        elif len(places) > len(formals):
            raise self.raised(
                "TypeError",
                _("{name} takes at most {count}", name=quoted(function.name), count=len(formals)),
            )
        rest: dict[str, Value] = {}
        known = {*formals, *(each.arg for each in takes.kwonlyargs)}
        for name, value in names.items():
            if name in known and name not in bound:
                bound[name] = value
            elif takes.kwarg and name not in known:
                rest[name] = value
            else:
                raise self.raised(
                    "TypeError",
                    _("{name} takes no {argument}", name=quoted(function.name), argument=name),
                )
        if takes.kwarg:
            bound[takes.kwarg.arg] = rest
        for name in known - set(bound):
            if name not in function.defaults:
                raise self.raised(
                    "TypeError",
                    _("{name} needs its {argument}", name=quoted(function.name), argument=name),
                )
            bound[name] = function.defaults[name]

    def instantiate(self, cls: Class, places: list[Value], names: dict[str, Value]) -> Value:
        """Return an object of a class of the source."""
        made = Instance(cls)
        made.place = self.frame.file, self.node
        if cls.fields is not None and not cls.find("__init__"):
            self._fill(made, cls, places, names)
            return made
        self.initialise(made, None, places, names)
        return made

    def _fill(
        self, made: Instance, cls: Class, places: list[Value], names: dict[str, Value]
    ) -> None:
        """Give the fields of a dataclass or a named tuple their values."""
        fields = cls.fields or ()
        given = {**dict(zip(fields, places, strict=False)), **names}
        for field in fields:
            found = cls.find(field)
            if field not in given and found is None:
                raise self.raised(
                    "TypeError", _("{name} needs its {argument}", name=cls.name, argument=field)
                )
            made.attributes[field] = given[field] if field in given else found and found[0]
        if post := cls.find("__post_init__"):
            self.call(post[0], [made], {})

    def initialise(
        self,
        made: Instance,
        after: Class | None,
        places: list[Value],
        names: dict[str, Value],
    ) -> None:
        """Initialise an object by the first class that says how, after one of them."""
        cls = made.cls
        if isinstance(cls, Class) and (found := cls.find("__init__", after)):
            self.call(found[0], [made, *places], names)
            return
        if (base := made.outside) is not None:
            self.make_outside(made, base, places, names)

    # ------------------------------------------------------------ attributes

    def attribute(self, value: Value, name: str) -> Value:
        """Return an attribute of a value."""
        if isinstance(value, External):
            return External(f"{value.path}.{name}")
        if isinstance(value, Instance):
            return self.attribute_of(value, name)
        if isinstance(value, Class):
            return self.attribute_of_class(value, name)
        if isinstance(value, Super):
            return self._above(value, name)
        if isinstance(value, Namespace):
            if name in value.attributes:
                return value.attributes[name]
            return Method(value, name)
        if isinstance(value, Tensor | Learned):
            found = self.attribute_outside(value, name)
            return Method(value, name) if found is None else found
        if isinstance(value, Partial):
            parts: dict[str, Value] = {
                "func": value.function,
                "args": value.places,
                "keywords": value.names,
            }
            if name in parts:
                return parts[name]
        if isinstance(value, Function | Builtin) and name in ("__name__", "__qualname__"):
            return value.name
        if isinstance(value, slice) and name in ("start", "stop", "step"):
            return {"start": value.start, "stop": value.stop, "step": value.step}[name]
        if isinstance(value, (*operators.PLAIN, Parser, Parts)) and value is not None:
            return Method(value, name)
        if value is None:
            raise self.raised("AttributeError", _("None has no {name}", name=quoted(name)))
        return self.unknown(_("{name} is not known", name=quoted(name)))

    def attribute_of(self, value: Instance, name: str) -> Value:
        """Return an attribute of an object: its own, one of its classes, or the framework's."""
        if name in value.attributes:
            return value.attributes[name]
        if name in value.items and isinstance(name, str):
            return value.items[name]
        if name == "__class__":
            return value.cls
        if name == "__dict__":
            return dict(value.attributes)
        if isinstance(value.cls, Class) and (found := value.cls.find(name)):
            return self._bound(found[0], value)
        special = self.attribute_outside(value, name)
        if special is not None:
            return None if special is NOTHING else special
        if isinstance(value.cls, Class) and value.cls.fields and name in ("_replace", "_asdict"):
            return Method(value, name)
        if isinstance(value.cls, Class) and value.outside is None:
            if found := value.cls.find("__getattr__"):
                return self.call(found[0], [value, name], {})
            raise self.raised("AttributeError", _("it has no {name}", name=quoted(name)))
        return Method(value, name)

    def _bound(self, found: Value, to: Value) -> Value:
        """Return what a class holds, as an object has it."""
        if isinstance(found, Wrapped):
            if found.how == "property":
                return self.call(found.function, [to], {})
            if found.how == "class":
                return Bound(found.function, to.cls if isinstance(to, Instance) else to)
            return found.function
        return Bound(found, to) if isinstance(found, Function) else found

    def attribute_of_class(self, value: Class, name: str) -> Value:
        """Return an attribute of a class."""
        if name in ("__name__", "__qualname__"):
            return value.name
        if found := value.find(name):
            if isinstance(found[0], Wrapped) and found[0].how == "class":
                return Bound(found[0].function, value)
            return found[0].function if isinstance(found[0], Wrapped) else found[0]
        if (base := value.outside()) is not None:
            if name == "apply" and base.name == "Function" and (found := value.find("forward")):
                context = self.unknown(_("{name} is not known", name=quoted("ctx")))
                return Bound(self._bound(found[0], value), context)
            return External(f"{base.path}.{name}")
        raise self.raised("AttributeError", _("it has no {name}", name=quoted(name)))

    def _above(self, value: Super, name: str) -> Value:
        """Return what `super()` has by a name."""
        to = value.to
        cls = to.cls if isinstance(to, Instance) else to
        if isinstance(cls, Class) and (found := cls.find(name, value.after)):
            return self._bound(found[0], to)
        return Method(value, name)

    def call_above(
        self, value: Super, name: str, places: list[Value], names: dict[str, Value]
    ) -> Value:
        """Call what a framework's class, above those of the source, has by a name."""
        to = value.to
        if not isinstance(to, Instance):
            return None
        if name == "__init__":
            if (base := to.outside) is not None:
                self.make_outside(to, base, places, names)
            return None
        if name == "__setattr__" and len(places) == 2:
            self.set_attribute(to, places[0], places[1])
            return None
        return self.call_method(to, name, places, names)

    def set_attribute(self, value: Value, name: Any, to: Value) -> None:
        """Set an attribute of an object, a class or a namespace."""
        if not isinstance(name, str):
            raise self.fault(_("this name is not known"))
        if isinstance(value, Instance):
            found = value.cls.find(name) if isinstance(value.cls, Class) else None
            if found and isinstance(found[0], Wrapped) and found[0].how == "property":
                raise self.fault(_("a property is set"))
            if value.spec is not None and name in ("weight", "bias", "kernel"):
                self._set_weights(value, name, to)
            is_item = isinstance(to, Instance) and to.outside and self.is_container(value)
            if name in value.items or is_item:
                value.items[name] = to
            else:
                value.attributes[name] = to
        elif isinstance(value, Class):
            value.names[name] = to
        elif isinstance(value, Namespace):
            value.attributes[name] = to
        elif not isinstance(value, External | Unknown | Learned | Function | Method):
            raise self.fault(_("its attributes are not set here"))

    def _set_weights(self, value: Instance, name: str, to: Value) -> None:
        """Take a bias away; refuse weights that are another layer's, which both would count."""
        assert value.spec is not None  # noqa: S101
        if to is None and name == "bias":
            value.spec.values["bias"] = False
        elif isinstance(to, Learned) and any(key < 0 for key in to.keys):
            raise self.fault(_("weights of another layer are not followed"))

    # ------------------------------------------------------------ super

    def above(self, places: list[Value]) -> Value:
        """Return `super()`, of the frame, or of a class and an object."""
        owner, first = (places[0], places[1]) if len(places) == 2 else self._owner()
        if isinstance(owner, Class) and isinstance(first, Instance | Class):
            return Super(first, owner)
        raise self.fault(_("what 'super' is here is not known"))

    def _owner(self) -> tuple[Value, Value]:
        return self.frame.owner, self.frame.first


class Returned:
    """What a function returns."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def _first(takes: ast.arguments) -> str:
    """Return the name of a function's first parameter."""
    places = [*takes.posonlyargs, *takes.args]
    return places[0].arg if places else ""


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
