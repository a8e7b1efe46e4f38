"""Numbers that are left open: where `?` stands, of what, and the tree with numbers in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.notation.changes import rebuilt
from cnncalc.notation.expressions import Name, Placeholder
from cnncalc.notation.tree import Call, Definition, Given, Group, Pending, sequences_of, unlabel
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cnncalc.notation.tree import Argument, Item, Sequence
    from cnncalc.speech.problem import Span

Key: TypeAlias = str | tuple[str, int]
"""Which unknown it is: `?n` by its letter, a bare `?` by where it stands."""

LETTERS = {
    "input": "n",
    "channels": "C",
    "filters": "N",
    "units": "N",
    "kernel": "k",
    "stride": "s",
    "padding": "p",
    "dilation": "d",
    "groups": "g",
    "multiplier": "m",
    "output-padding": "op",
}
"""What an unknown is called by what it is a number of; others go by their parameter's name."""

_ROLES = {letter: role for role, letter in LETTERS.items()}


class Occurrence(NamedTuple):
    """An unknown at a place: which, what it is a number of, of what kind of layer, its name."""

    key: Key
    role: str
    kind: str
    name: str
    span: Span


def key_of(unknown: Placeholder) -> Key:
    """Return what uses of one unknown share: its letter, or the place of its `?`."""
    return unknown.letter or (unknown.span.source.name, unknown.span.start)


# ---------------------------------------------------------------- where they stand


def uses(part: Given | Item) -> Iterator[Occurrence]:
    """Yield the unknowns of a volume, or of an item and all that it calls."""
    if isinstance(part, Given):
        last = len(part.sizes) - 1
        for axis, size in enumerate(part.sizes):
            yield from _in_value(size, "channels" if axis == last else "input", "", "")
    else:
        yield from _UnknownsWalk().item(part)


class Unknowns(NamedTuple):
    """An unknown wherever it stands, by the name that it goes by."""

    key: Key
    name: str
    uses: tuple[Occurrence, ...]


def unknowns(steps: Iterable[Given | Item]) -> list[Unknowns]:
    """Return the unknowns of a volume and items, in their order; names that are alike, numbered."""
    found: dict[Key, list[Occurrence]] = {}
    for step in steps:
        for use in uses(step):
            found.setdefault(use.key, []).append(use)
    names = [same[0].name for same in found.values()]
    said = [
        f"{name}_{names[: index + 1].count(name)}" if names.count(name) > 1 else name
        for index, name in enumerate(names)
    ]
    return [
        Unknowns(key, name, tuple(same))
        for name, (key, same) in zip(said, found.items(), strict=True)
    ]


class _UnknownsWalk:
    """Looks for unknowns; into each definition once, however often it is called."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._known: dict[tuple[int, str], tuple[tuple[str, str], ...]] = {}

    def sequence(self, sequence: Sequence) -> Iterator[Occurrence]:
        """Yield the unknowns of a sequence."""
        for item in sequence.items:
            yield from self.item(item)

    def item(self, item: Item) -> Iterator[Occurrence]:
        """Yield the unknowns of an item."""
        item = unlabel(item)
        for sequence in sequences_of(item):
            yield from self.sequence(sequence)
        if isinstance(item, Given):
            yield from uses(item)
        elif isinstance(item, Group):
            yield from _in_value(item.times, "times", "", "")
        elif isinstance(item, Pending):
            for argument, role in _parameters(item):
                yield from _in_value(argument.value, role, item.kind.name, "")
        elif isinstance(item, Call):
            yield from self.call(item)

    def call(self, call: Call) -> Iterator[Occurrence]:
        """Yield the unknowns of a call: its arguments, the defaults it leaves, the definition."""
        definition = call.definition
        given = set()
        for argument, name in _formals(call):
            given.add(name)
            roles = self.roles(definition, name) if name else ((_ROLES.get(argument.name, ""), ""),)
            for role, kind in roles:
                yield from _in_value(argument.value, role, kind, name)
        for formal in definition.formals:
            if formal.name not in given:
                for role, kind in self.roles(definition, formal.name):
                    yield from _in_value(formal.default, role, kind, formal.name)
        if id(definition) not in self._seen:
            self._seen.add(id(definition))
            yield from self.sequence(definition.sequence)

    def roles(self, definition: Definition, formal: str) -> tuple[tuple[str, str], ...]:
        """Return what a parameter is a number of, and of what kinds, in the order of its uses."""
        key = id(definition), formal
        if key not in self._known:
            found: dict[str, str] = {}
            for role, kind in self._roles(definition.sequence, formal):
                found.setdefault(role, kind)
            self._known[key] = tuple(found.items()) or (("", ""),)
        return self._known[key]

    def _roles(self, sequence: Sequence, formal: str) -> Iterator[tuple[str, str]]:
        for item in map(unlabel, sequence.items):
            for inner in sequences_of(item):
                yield from self._roles(inner, formal)
            if isinstance(item, Pending):
                for argument, role in _parameters(item):
                    if _names(argument.value, formal):
                        yield role, item.kind.name
            elif isinstance(item, Group) and _names(item.times, formal):
                yield "times", ""
            elif isinstance(item, Call):
                for argument, name in _formals(item):
                    if name and _names(argument.value, formal):
                        yield from self.roles(item.definition, name)


def _parameters(item: Pending) -> Iterator[tuple[Argument, str]]:
    """Yield a layer's arguments, each with the name of its parameter."""
    places = iter([each.name for each in item.kind.parameters if each.place])
    for argument in item.arguments:
        parameter = item.kind.parameter(argument.name) if argument.name else None
        yield argument, parameter.name if parameter else next(places, "")


def _formals(call: Call) -> Iterator[tuple[Argument, str]]:
    """Yield a call's arguments, each with the name of its parameter; '' for one that is left."""
    names = [formal.name for formal in call.definition.formals]
    free = iter(names)
    given = {argument.name for argument in call.arguments}
    for argument in call.arguments:
        if argument.name:
            yield argument, argument.name if argument.name in names else ""
        else:
            yield argument, next((name for name in free if name not in given), "")


def _names(value: Any, formal: str) -> bool:
    """Return whether a parameter stands in a value."""
    if isinstance(value, Name):
        return value.name == formal
    return isinstance(value, tuple) and any(_names(part, formal) for part in value)


def _in_value(value: Any, role: str, kind: str, name: str) -> Iterator[Occurrence]:
    if isinstance(value, Placeholder):
        called = value.letter or name or LETTERS.get(role, role) or "n"
        yield Occurrence(key_of(value), role, kind, called, value.span)
    elif isinstance(value, tuple):
        for part in value:
            yield from _in_value(part, role, kind, name)


# ---------------------------------------------------------------- numbers in their place


def filled(node: Any, numbers: Mapping[Key, Any]) -> Any:
    """Return a tree with numbers, or letters, in place of unknowns; those without one stay."""

    def number(part: Any) -> Any:
        return numbers.get(key_of(part), part) if isinstance(part, Placeholder) else part

    return rebuilt(node, number)
