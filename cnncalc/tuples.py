"""`NamedTuple` as typing's, each class made in a tenth of the time: start-up makes eighty.

What makes an instance is compiled with this file, for each number of fields, and gets their names;
all else that typing's would make for tools that look in is left out. Those that are entries of
tables are pickled as their names.
"""

from __future__ import annotations

from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NamedTuple", "entry_of"]

Entry = TypeVar("Entry", bound=type)

if TYPE_CHECKING:
    from typing import NamedTuple, Self  # noqa: TID251 - what checkers of types see
else:
    from _collections import _tuplegetter as item_getter

    _GETTERS: list[Any] = []
    """What gets the items, by their places, for all classes: as many as one has needed."""

    new = tuple.__new__
    _MAKERS = (
        lambda cls: new(cls, ()),
        lambda cls, a: new(cls, (a,)),
        lambda cls, a, b: new(cls, (a, b)),
        lambda cls, a, b, c: new(cls, (a, b, c)),
        lambda cls, a, b, c, d: new(cls, (a, b, c, d)),
        lambda cls, a, b, c, d, e: new(cls, (a, b, c, d, e)),
        lambda cls, a, b, c, d, e, f: new(cls, (a, b, c, d, e, f)),
        lambda cls, a, b, c, d, e, f, g: new(cls, (a, b, c, d, e, f, g)),
        lambda cls, a, b, c, d, e, f, g, h: new(cls, (a, b, c, d, e, f, g, h)),
        lambda cls, a, b, c, d, e, f, g, h, i: new(cls, (a, b, c, d, e, f, g, h, i)),
        lambda cls, a, b, c, d, e, f, g, h, i, j: new(cls, (a, b, c, d, e, f, g, h, i, j)),
        lambda cls, a, b, c, d, e, f, g, h, i, j, k: new(cls, (a, b, c, d, e, f, g, h, i, j, k)),
        lambda cls, a, b, c, d, e, f, g, h, i, j, k, m: new(
            cls, (a, b, c, d, e, f, g, h, i, j, k, m)
        ),
        lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n: new(
            cls, (a, b, c, d, e, f, g, h, i, j, k, m, n)
        ),
        lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o: new(
            cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o)
        ),
        lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p: new(
            cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p)
        ),
        lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q: new(
            cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)
        ),
        lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r: new(
            cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r)
        ),
        lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s: new(
            cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s)
        ),
    )
    """What makes a tuple of so many values: of a class, the same with the names of its fields."""

    def _maker(fields: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., Any]:
        """Return what makes tuples of these fields, the last of them with defaults."""
        if len(fields) >= len(_MAKERS):
            return _maker_of_many(fields, defaults)
        code = _MAKERS[len(fields)].__code__.replace(co_varnames=("cls", *fields))
        return FunctionType(code, globals(), "__new__", tuple(defaults.values()))

    def _maker_of_many(fields: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., Any]:
        """Return what makes tuples of more fields, which takes longer."""

        def make(cls: type, *given: Any, **named: Any) -> Any:
            rest, values = fields[len(given) :], defaults | named
            if len(given) > len(fields) or not named.keys() <= {*rest} <= values.keys():
                raise TypeError(f"{cls.__name__} has {', '.join(fields)}")
            return new(cls, (*given, *[values[each] for each in rest]))

        return make

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
            body["_field_defaults"] = defaults
            if bases:
                body.setdefault("__new__", _maker(fields, defaults))
            return type.__new__(cls, name, bases or (tuple,), body)

    class NamedTuple(metaclass=_TupleClass):
        """A tuple whose items have names, with defaults for the last of them."""

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
