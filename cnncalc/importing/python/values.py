"""What the names of a source stand for: plain values of Python as they are, objects, and these.

None of them is an object of the source's: nothing here can be called but by the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.speech.problem import Problem

Value: TypeAlias = Any
"""A number, a string, a list or dictionary of values, an object, a tensor, or one of these."""

Places: TypeAlias = "list[Value]"
Names: TypeAlias = "dict[str, Value]"
"""What a call is given by place, and by name."""


def argument(places: Places, names: Names, place: int, *words: str, default: Value = None) -> Value:
    """Return what a call is given by one of some names, or else at a place."""
    for word in words:
        if word in names:
            return names[word]
    return places[place] if len(places) > place else default


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
