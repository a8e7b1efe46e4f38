"""Classes of a source, objects of them and of frameworks, and functions that belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.python.values import External
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    import ast

    from cnncalc.importing.python.files import File
    from cnncalc.importing.python.values import Builtin, Names, Value
    from cnncalc.kinds.modules import Module


class Wrapped:
    """A function of a class that is a property, a static or a class method."""

    __slots__ = ("function", "how")

    def __init__(self, how: str, function: Value) -> None:
        self.how = how
        self.function = function


class Bound:
    """A function with what its first parameter is."""

    __slots__ = ("function", "to")

    def __init__(self, function: Value, to: Value) -> None:
        self.function = function
        self.to = to


class Partial:
    """A call with some of its arguments."""

    __slots__ = ("function", "names", "places")

    def __init__(self, function: Value, places: tuple[Value, ...], names: Names) -> None:
        self.function = function
        self.places = places
        self.names = names


class Class:
    """A class of the source: its bases in the order of look-up, and its own names."""

    def __init__(self, name: str, node: ast.ClassDef | None, file: File | None) -> None:
        self.name = name
        self.node = node
        self.file = file
        self.names: dict[str, Value] = {}
        self.order: tuple[Class | External | Builtin, ...] = (self,)
        self.fields: tuple[str, ...] | None = None  # of a dataclass or a named tuple

    def find(self, name: str, after: Class | None = None) -> tuple[Value, Class] | None:
        """Return what a name is in it or in its bases of the source, and in which of them."""
        order = self.order
        if after is not None and after in order:
            order = order[order.index(after) + 1 :]
        for each in order:
            if isinstance(each, Class) and name in each.names:
                return each.names[name], each
        return None

    def outside(self) -> External | None:
        """Return the first of its bases that is outside the files."""
        return next((each for each in self.order if isinstance(each, External)), None)


class SourceRecord(dict[Any, Any]):
    """A dictionary of a class of the source's, or of a package's for settings, without a class.

    It may have its items as attributes, as those of packages have: in them, too.
    """

    def __init__(self, cls: Class | None, items: dict[Any, Any]) -> None:
        super().__init__(items)
        self.cls = cls

    def is_open(self, how: str) -> bool:
        """Return whether its items are attributes, by a method of its class that says so."""
        return self.cls is None or self.cls.find(how) is not None


def opened(value: Value, made: dict[int, Value] | None = None) -> Value:
    """Return a value with all dictionaries in it as records whose items are attributes.

    `made` are those of the lists and dictionaries in it, some of which it may hold twice.
    """
    made = {} if made is None else made
    if id(value) in made:
        return made[id(value)]
    if isinstance(value, dict):
        several = {key: opened(each, made) for key, each in value.items()}
        made[id(value)] = SourceRecord(None, several)
    elif isinstance(value, list | tuple):
        made[id(value)] = type(value)(opened(each, made) for each in value)
    return made.get(id(value), value)


class Factory:
    """The default of a dataclass's field: what is called for each object; None for no default."""

    __slots__ = ("function", "given")

    def __init__(self, function: Value, *, given: bool = True) -> None:
        self.function = function
        self.given = given  # whether the object is made with it


class Spec(NamedTuple):
    """A layer of a framework: its entry in the table, and its arguments' values by name."""

    entry: Module
    values: dict[str, Value]
    places: tuple[Value, ...] = ()

    def changed(self, name: str, to: Value) -> Spec:
        """Return the layer with another value of an argument."""
        return self._replace(values={**self.values, name: to})


class Instance:
    """An object of a class: its attributes, and what it holds where it is a container.

    `spec` says what it is where it is a layer of a framework, `model` the inputs and outputs where
    it is a functional model; `place` is where it was made.
    """

    def __init__(self, cls: Class | External) -> None:
        self.cls = cls
        self.attributes: dict[str, Value] = {}
        self.items: dict[str, Value] = {}
        self.spec: Spec | None = None
        self.model: tuple[Value, Value] | None = None
        self.name = ""
        self.calls = 0
        self.place: tuple[File, ast.AST] | None = None

    @property
    def order(self) -> tuple[Class | External | Builtin, ...]:
        """The classes that it is of."""
        return self.cls.order if isinstance(self.cls, Class) else (self.cls,)

    @property
    def outside(self) -> External | None:
        """The class of a framework that it is of."""
        return self.cls.outside() if isinstance(self.cls, Class) else self.cls


class Super:
    """`super()`: an object as its classes after one see it."""

    __slots__ = ("after", "to")

    def __init__(self, to: Instance | Class, after: Class) -> None:
        self.to = to
        self.after = after
