"""`NamedTuple` as typing's, each class made in a tenth of the time: start-up makes eighty.

What makes an instance is compiled once there are some; all else that typing's would compile, or
would make for tools that look in, is left out. Those that are entries of tables are pickled as
their names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NamedTuple", "entry_of"]

Entry = TypeVar("Entry", bound=type)

FEW = 200
BY_NAME = 8
"""Instances that are made one by one, as many as to compile what makes them takes: of values in
order, or an eighth of them by names."""

if TYPE_CHECKING:
    from typing import NamedTuple, Self  # noqa: TID251 - what checkers of types see
else:
    from _collections import _tuplegetter as item_getter

    _GETTERS: list[Any] = []
    """What gets the items, by their places, for all classes: as many as one has needed."""

    class _TupleClass(type):
        """The class of classes whose annotations are the fields of a tuple."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            """Make a class: a field is a position of the tuple, whatever the class says of it."""
            if any(base._fields for base in bases):  # of a class with fields
                return type.__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ())) if bases else ()
            defaults = {each: body.pop(each) for each in fields if each in body}
            more = range(len(_GETTERS), len(fields))
            _GETTERS.extend(item_getter(place, None) for place in more)
            body.update(zip(fields, _GETTERS, strict=False))
            body |= {"__slots__": (), "_fields": fields, "__match_args__": fields}
            body |= {"_field_defaults": defaults, "_ends": tuple(defaults.values())}
            body["_left"] = [FEW]  # no name of a field begins with _
            return type.__new__(cls, name, bases or (tuple,), body)

    class NamedTuple(metaclass=_TupleClass):
        """A tuple whose items have names, with defaults for the last of them."""

        def __new__(cls, *given: Any, **named: Any) -> Self:
            """Make one of the first instances; or compile what makes the others, and any fault."""
            ends, left = cls._ends, cls._left
            lacks = len(cls._fields) - len(given)
            if left[0] > 0 and not named and 0 <= lacks <= len(ends):
                left[0] -= 1
                return tuple.__new__(cls, given + ends[len(ends) - lacks :])
            rest = cls._fields[len(given) :]
            values = {**cls._field_defaults, **named}
            if left[0] > 0 and lacks > 0 and named.keys() <= {*rest} <= values.keys():
                left[0] -= BY_NAME
                return tuple.__new__(cls, (*given, *[values[each] for each in rest]))
            taken = ", ".join(cls._fields)
            code = f"lambda cls, {taken}: new(cls, ({taken}{',' * bool(taken)}))"
            make = eval(code, {"new": tuple.__new__})  # noqa: S307 - names of fields alone
            make.__defaults__ = cls._ends
            cls.__new__ = make
            return make(cls, *given, **named)

        def _replace(self, **changed: Any) -> Self:
            """Return a copy with other values for some fields."""
            values, fields = [*self], self._fields
            for name, value in changed.items():
                if name not in fields:
                    raise TypeError(f"{type(self).__name__} has no {name}")
                values[fields.index(name)] = value
            return tuple.__new__(type(self), values)

        def _asdict(self) -> dict[str, Any]:
            """Return the values by the names of the fields."""
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            """Return it as it would be typed."""
            said = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({', '.join(said)})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            """Return what a copy is made of: one argument a field."""
            return tuple(self)


def entry_of(module: str, table: str) -> Callable[[Entry], Entry]:
    """Have what a class makes copied and pickled as its name, where a table of a module has it."""

    def as_named(entry: Any, protocol: Any) -> Any:
        if getattr(import_module(module), table).get(entry.name) is entry:
            return _entry, (module, table, entry.name)
        return object.__reduce_ex__(entry, protocol)

    def decorate(made: Entry) -> Entry:
        made.__reduce_ex__ = as_named  # type: ignore[assignment] # of any entry
        return made

    return decorate


def _entry(module: str, table: str, name: str) -> Any:
    """Return the entry of a name that a table has."""
    return getattr(import_module(module), table)[name]
