"""What Python itself offers a source: types and functions on known values."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from cnncalc.importing.python import operators
from cnncalc.importing.python.objects import Class, Instance, SourceRecord
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.type_checks import CALLED, TYPES
from cnncalc.importing.python.values import (
    Builtin,
    External,
    Method,
    Names,
    Namespace,
    Places,
    Raised,
    Unknown,
    Value,
    argument,
    first_unknown,
)
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted

if TYPE_CHECKING:
    from cnncalc.importing.python.operations import Operations
    from cnncalc.importing.python.type_checks import TypeChecks


_PLAIN = operators.named(builtins, "abs bool bin chr divmod float hex ord pow range round slice")
"""Functions of numbers alone."""

_OF_ITEMS = {
    **operators.named(builtins, "all any list max min set sorted sum tuple"),
    "reversed": lambda items: items[::-1],
}
"""Functions of what can be gone through."""

_NAMES = frozenset(
    (
        *TYPES,
        *_PLAIN,
        *_OF_ITEMS,
        *("callable", "dict", "enumerate", "filter", "getattr", "globals", "hasattr"),
        *("id", "isinstance", "issubclass", "iter", "len", "locals", "map", "next", "object"),
        *("print", "property", "repr", "setattr", "staticmethod", "classmethod", "str", "super"),
        *("type", "vars", "zip", "input", "open", "eval", "exec", "__import__", "compile"),
        *("delattr", "hash", "format"),
        *("NotImplemented", "Ellipsis"),  # and errors, which Python alone writes in capitals
        *(name for name, each in vars(builtins).items() if name[0].isupper() and callable(each)),
    )
)


class Builtins:
    """Calls the functions and types of Python's own."""

    def __init__(self, operations: Operations, type_checks: TypeChecks) -> None:
        self.above, self.attributes = operations.above, operations.attributes
        self.machine, self.known = type_checks.machine, type_checks.known
        self.operations, self.type_checks = operations, type_checks

    def builtin(self, name: str) -> Value | None:
        """Return what Python itself calls by a name."""
        if name == "Ellipsis":
            return ...
        return Builtin(name) if name in _NAMES else None

    def call_builtin(self, name: str, places: Places, names: Names) -> Value:
        """Return what a function of Python's own gives, and `wraps` what it is given."""
        if name == "identity":
            return places[0] if places else None
        if name in ("super", "print", "isinstance", "type", "hasattr", "getattr", "id"):
            pass
        elif name not in ("map", "dict", "list", "tuple", "zip", "setattr", "len", "enumerate"):
            for each in (*places, *names.values()):
                if isinstance(each, Unknown):
                    return each
        if name in _OWN:
            return getattr(self, f"_builtin_{name}")(places, names)
        if name in ("type", "isinstance", "issubclass"):
            return self.type_checks.check(name, places)
        if name in _PLAIN:
            if any(isinstance(each, Tensor | Learned) for each in places):
                return self.machine.unknown(_("it depends on the values of a tensor"))
            if name == "pow" and len(places) == 2:
                return self.machine.guarded(operators.work_out, ast.Pow, *places)
            if not all(isinstance(each, operators.PLAIN) for each in places):
                return self.machine.unknown(_("these values are not known"))
            return self.machine.guarded(_PLAIN[name], *places, *names.values())
        if name in _OF_ITEMS:
            return self.of_items(name, places, names)
        return self.machine.unknown(_("{name} is not followed", name=quoted(name)))

    def of_items(self, name: str, places: Places, names: Names) -> Value:
        """Return what a function of what can be gone through gives."""
        names = dict(names)
        if not places:
            return self.machine.guarded(_OF_ITEMS[name])
        if name in ("max", "min") and len(places) > 1:
            places = [list(places)]
        items = self.known.items(places[0])
        if any(isinstance(each, Tensor | Learned) for each in items):
            if name == "sum":
                total = items[0]
                for each in items[1:]:
                    total = self.operations.operate(ast.Add, total, each)
                return total
            if name not in ("list", "tuple", "reversed"):
                return self.machine.unknown(_("it depends on the values of a tensor"))
        if name == "sum" and len(places) > 1:
            made = places[1]
            for each in items:
                made = self.operations.operate(ast.Add, made, each)
            return made
        if (key := names.pop("key", None)) is not None:
            keys = [self.above.call(key, [each], {}) for each in items]
            self.machine.go_through(*keys)
            order = self.machine.guarded(lambda: sorted(range(len(items)), key=keys.__getitem__))
            found = [items[each] for each in order]
            if names.get("reverse"):
                found.reverse()
            return found[-1] if name == "max" else found[0] if name == "min" else found
        if name in ("sorted", "set", "max", "min"):
            self.machine.go_through(*items)
        if name == "sorted" and names.get("reverse"):
            return self.machine.guarded(lambda: sorted(items, reverse=True))
        if name in ("max", "min") and "default" in names and not items:
            return names["default"]
        unknown = first_unknown(items)
        if unknown is not None and name not in ("list", "tuple", "reversed"):
            return unknown
        if name in ("all", "any"):
            return _OF_ITEMS[name]([self.known.truth(each) for each in items])
        return self.machine.guarded(_OF_ITEMS[name], items)

    # ------------------------------------------------------------ one by one

    def _builtin_super(self, places: Places, _names: Names) -> Value:
        return self.attributes.super_of(places)

    def _builtin_print(self, _places: Places, _names: Names) -> Value:
        return None

    def _builtin_int(self, places: Places, names: Names) -> Value:
        if any(isinstance(each, Tensor | Learned | Instance | External) for each in places):
            return self.machine.unknown(_("it depends on the values of a tensor"))
        if isinstance(places[0] if places else 0, str) and len(places[0]) > 1000:
            raise self.machine.raised("ValueError", _("too many digits"))
        return self.machine.guarded(lambda: int(*places, **names))

    def _builtin_str(self, places: Places, _names: Names) -> Value:
        return self.machine.hold(str(operators.shown(places[0]))) if places else ""

    def _builtin_repr(self, places: Places, _names: Names) -> Value:
        return self.machine.hold(repr(operators.shown(places[0])))

    def _builtin_len(self, places: Places, _names: Names) -> Value:
        (value,) = places or [()]
        self.machine.need(value)
        if isinstance(value, Instance):
            if isinstance(value.cls, Class) and (found := value.cls.find("__len__")):
                return self.above.call(found[0], [value], {})
            return len(value.items)
        if isinstance(value, Tensor | Learned):
            return self.above.tensor_sizes(value)[0]
        if not isinstance(value, str | list | tuple | dict | set | range):
            raise self.machine.raised("TypeError", _("it has no length"))
        return len(value)

    def dictionary(self, places: Places, names: Names) -> Value:
        """Return a dictionary of others, of pairs, and of names."""
        made: dict[Value, Value] = {}
        for each in places:
            if isinstance(self.machine.need(each), dict):
                made.update(each)
            else:
                for pair in self.known.items(each):
                    key, value = self.known.items(pair)
                    self.machine.look_up_by(key)
                    self.machine.guarded(made.__setitem__, key, value)
        made.update(names)
        return self.machine.hold(made)

    _builtin_dict = dictionary

    def _builtin_enumerate(self, places: Places, names: Names) -> Value:
        start = argument(places, names, 1, "start", default=0)
        if not isinstance(start, int):
            raise self.machine.raised("TypeError", _("a whole number is wanted"))
        return list(enumerate(self.known.items(places[0]), start))

    def _builtin_zip(self, places: Places, _names: Names) -> Value:
        return list(zip(*(self.known.items(each) for each in places), strict=False))

    def _builtin_map(self, places: Places, _names: Names) -> Value:
        function, *several = places
        rounds = zip(*(self.known.items(each) for each in several), strict=False)
        return [self.above.call(function, list(each), {}) for each in rounds]

    def _builtin_filter(self, places: Places, _names: Names) -> Value:
        function, several = places
        return [
            each
            for each in self.known.items(several)
            if self.known.truth(each if function is None else self.above.call(function, [each], {}))
        ]

    def _builtin_iter(self, places: Places, _names: Names) -> Value:
        return self.known.items(places[0])

    def _builtin_next(self, places: Places, _names: Names) -> Value:
        items = self.known.items(places[0])
        if not items:
            raise self.machine.raised("StopIteration", "")
        if isinstance(places[0], list):
            places[0].pop(0)
        return items[0]

    def _builtin_object(self, _places: Places, _names: Names) -> Value:
        return Namespace({})

    def _builtin_callable(self, places: Places, _names: Names) -> Value:
        return isinstance(places[0], CALLED)

    def _builtin_globals(self, _places: Places, _names: Names) -> Value:
        return self.machine.frame.scope.module.names

    def _builtin_locals(self, _places: Places, _names: Names) -> Value:
        return dict(self.machine.frame.scope.names)

    def _builtin_vars(self, places: Places, _names: Names) -> Value:
        (value,) = places or [None]
        if isinstance(value, Instance | Namespace):
            return dict(value.attributes)
        if isinstance(value, SourceRecord):
            return value
        return self.machine.unknown(_("{name} is not followed", name="'vars'"))

    def _builtin_getattr(self, places: Places, _names: Names) -> Value:
        value, name, *default = [self.machine.need(each) for each in places[:2]] + places[2:]
        if not isinstance(name, str):
            raise self.machine.raised("TypeError", _("this name is not known"))
        if default and not self._has(value, name):
            return default[0]
        return self.attributes.attribute(value, name)

    def _builtin_hasattr(self, places: Places, _names: Names) -> Value:
        value, name = [self.machine.need(each) for each in places]
        return self._has(value, name)

    def _has(self, value: Value, name: Value) -> bool:
        if isinstance(value, Instance):
            if name in value.attributes or name in value.items:
                return True
            if isinstance(value.cls, Class) and value.cls.find(name):
                return True
            return self.above.attribute_outside(value, name) is not None
        if isinstance(value, Namespace):
            return name in value.attributes
        if isinstance(value, Class):
            return value.find(name) is not None
        if isinstance(value, External):
            return True
        try:
            found = self.attributes.attribute(value, name)
        except Raised:
            return False
        return not isinstance(found, Unknown | Method)

    def _builtin_setattr(self, places: Places, _names: Names) -> Value:
        value, name, to = places
        self.attributes.set_attribute(value, self.machine.need(name), to)

    def _builtin_delattr(self, places: Places, _names: Names) -> Value:
        value, name = places
        if isinstance(value, Instance):
            value.attributes.pop(name, None)


_OWN = frozenset(
    name.removeprefix("_builtin_") for name in dir(Builtins) if name.startswith("_builtin_")
)
