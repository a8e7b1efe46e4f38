"""What the names of a source stand for: plain values of Python as they are, and these.

None of them is an object of the source's: nothing here can be called but by the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from cnncalc.importing.onnx.views import View
    from cnncalc.importing.python.files import File
    from cnncalc.kinds.modules import Module
    from cnncalc.speech.problem import Problem

Value: TypeAlias = Any
"""A number, a string, a list or dictionary of values, or one of the classes below."""

Places: TypeAlias = "list[Value]"
Names: TypeAlias = "dict[str, Value]"
"""What a call is given by place, and by name."""


class External:
    """Something outside the files, by its dotted name: `torch.nn.Conv2d`."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, External) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    @property
    def name(self) -> str:
        """The last part of its name."""
        return self.path.rpartition(".")[2]


class Builtin:
    """A function or a type of Python's own, by its name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Builtin) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


class Method:
    """A method of a value that is none of the source's own functions."""

    __slots__ = ("name", "of")

    def __init__(self, of: Value, name: str) -> None:
        self.of = of
        self.name = name


class Unknown:
    """What cannot be known, with the fault that is raised where it is needed.

    `path` names what lies outside the source, where that is why.
    """

    __slots__ = ("fault", "path")

    def __init__(self, fault: Problem, path: str = "") -> None:
        self.fault = fault
        self.path = path


def first_unknown(values: Iterable[Value]) -> Unknown | None:
    """Return the first of several values that is not known; None where all are."""
    return next((each for each in values if isinstance(each, Unknown)), None)


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


class Tensor:
    """A tensor that depends on what comes in: the node that makes it, and how it holds its axes.

    `last` says that its channels come last, as in Keras; `narrow` is what it was before it was made
    wider.
    """

    __slots__ = ("last", "narrow", "node", "view")

    def __init__(self, node: int, view: View, *, last: bool = False) -> None:
        self.node = node
        self.view = view
        self.last = last
        self.narrow: Tensor | None = None

    def become(self, other: Tensor) -> None:
        """Be another tensor from here on."""
        self.node, self.view = other.node, other.view
        self.last, self.narrow = other.last, other.narrow


class Learned:
    """A tensor that does not depend on what comes in: its sizes, and the parameters it is made of.

    `of` are those, each with how many numbers it holds; none for a constant, whose `values` may be
    known.
    """

    __slots__ = ("of", "sizes", "values")

    def __init__(
        self,
        sizes: tuple[int, ...],
        of: dict[int, int] | None = None,
        values: list[float] | None = None,
    ) -> None:
        self.values = values
        self.sizes = sizes
        self.of = of or {}

    @property
    def keys(self) -> frozenset[int]:
        """The parameters that it is made of."""
        return frozenset(self.of)

    @property
    def whole(self) -> int:
        """How many numbers they hold."""
        return sum(self.of.values())


class Namespace:
    """What argparse gives, or a parameter some of whose attributes are set."""

    def __init__(self, attributes: dict[str, Value]) -> None:
        self.attributes = attributes


class Parser:
    """A parser of a command line: the defaults of its arguments."""

    def __init__(self) -> None:
        self.defaults: dict[str, Value] = {}


NOTHING = object()
"""What is None, where None says that there is nothing of the kind."""


class Raised(Exception):  # noqa: N818 - what the source raises, for the source to catch
    """An exception that the source raises, and the fault that it is where nothing catches it."""

    def __init__(self, kind: str, fault: Problem) -> None:
        super().__init__(kind)
        self.kind = kind
        self.fault = fault


BATCH = 2**31 - 1
"""How many inputs come at once: a prime that no size is, so that it shows where it goes."""
