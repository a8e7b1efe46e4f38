"""The graph of rows, to draw: boxes and arrows, labels framed, rounds that are alike drawn once.

A reader of it meets branches side by side as a fork, and what merges them as the box behind it.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.report.quantities import QUANTITIES
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.trace.rows import Place, Row

_ALIKE = ("output", "params", "macs")  # what rounds that are drawn once have in common
_PASSED = ("identity", "reference")  # a path without a box of its own


class Vertex(NamedTuple):
    """A row that is drawn, or several folded into one, and how many `times` it is gone through.

    `number` is the index of the first of its rows.
    """

    number: int
    row: Row
    label: str | None
    times: int = 1


class Cluster(NamedTuple):
    """What stands inside a label, or in a round that is gone through `times` times."""

    label: str
    times: int
    members: list[Member]


class Fork(NamedTuple):
    """Branches side by side, each perhaps without a box; `is_side`: one that ends by itself."""

    branches: list[list[Member]]
    is_side: bool = False

    @property
    def members(self) -> list[Member]:
        """What stands in the branches, one after another."""
        return [member for branch in self.branches for member in branch]


Member: TypeAlias = "Vertex | Cluster | Fork"


class Diagram(NamedTuple):
    """What is drawn: boxes, frames and forks, and the arrows from box to box by their numbers.

    `words` are the lines in a box.
    """

    members: list[Member]
    arrows: list[tuple[int, int]]
    words: Callable[[Vertex], list[str]]


def boxes(members: Sequence[Member]) -> Iterator[Vertex]:
    """Yield boxes, those in frames and in branches too."""
    for each in members:
        if isinstance(each, Vertex):
            yield each
        else:
            yield from boxes(each.members)


def boxes_of(rows: Sequence[Row]) -> int:
    """Return how many boxes the graph of rows has."""
    return sum(1 for _ in boxes(_members(rows, 0, {})))


def with_those_before(rows: Sequence[Row], everything: Sequence[Row]) -> list[Row]:
    """Return rows of a network, and ahead of them what they read that is not among them."""
    read = {index for row in rows for index in inputs_of(row)}
    own = {index for row in rows for index in indices_of(row)}
    before = [everything[index]._replace(places=()) for index in sorted(read - own)]
    return [*before, *rows]


def graph(rows: Sequence[Row], words: Callable[[Vertex], list[str]]) -> Diagram:
    """Return the graph of rows, which may be folded; an arrow from elsewhere is left out."""
    stands: dict[int, int] = {}
    members = _members(rows, 0, stands)
    arrows = [
        (stands[index], box.number)
        for box in boxes(members)
        for index in inputs_of(box.row)
        if index in stands
    ]
    return Diagram(members, arrows, words)


def indices_of(row: Row) -> list[int]:
    """Return the numbers of the rows that a row stands for."""
    return [each.index for each in row.rows]


def inputs_of(row: Row) -> list[int]:
    """Return the rows that a row reads, those that are folded with it apart."""
    inner = set(indices_of(row))
    found = [index for each in row.rows for index in each.inputs if index not in inner]
    return list(dict.fromkeys(found)) if len(row.rows) > 1 else found


def _members(rows: Sequence[Row], level: int, stands: dict[int, int]) -> list[Member]:
    """Return what is drawn of rows that share `level` places; note which box each stands in."""
    members: list[Member] = []
    for place, group in groupby(rows, lambda row: _bracket(row, level)):
        run = list(group)
        if place is None:
            members += [box for row in run for box in _box(row, stands)]
        elif place[0] == "repeat":
            members += _rounds(run, level, stands)
        elif place[0] in ("branch", "aux"):
            members += _fork(run, level, stands)
        else:
            inside = _members(run, level + 1, stands)
            label = run[0].places[level].label
            members += [_labelled(label, inside)] if label and inside else inside
    return members


def _fork(rows: list[Row], level: int, stands: dict[int, int]) -> list[Member]:
    """Return the branches of a join; nothing, where no branch has a box."""
    place = rows[0].places[level]
    branches: list[list[Member]] = [[] for _ in range(place.of)]
    for number, group in groupby(rows, lambda row: row.places[level].number):
        branches[number - 1] = _members(list(group), level + 1, stands)
    return [Fork(branches, place.how == "aux")] if any(branches) else []


def _labelled(label: str, inside: list[Member]) -> Vertex | Cluster:
    """Return what has a label: a frame, or the one box or the rounds that it names."""
    only = inside[0]
    if len(inside) == 1 and not isinstance(only, Fork) and not only.label:
        return only._replace(label=label)
    return Cluster(label, 1, inside)


def _bracket(row: Row, level: int) -> tuple[str, int] | None:
    if len(row.places) <= level:
        return None
    place: Place = row.places[level]
    how = "" if place.how == "repeat" and place.of == 1 else place.how
    return (how, place.serial)


def _box(row: Row, stands: dict[int, int]) -> list[Vertex]:
    indices = indices_of(row)
    if row.kind in _PASSED and not row.label and row.inputs[0] in stands:
        stands[indices[0]] = stands[row.inputs[0]]
        return []
    stands.update(dict.fromkeys(indices, indices[0]))
    is_framed = any(place.label == row.label for place in row.places)
    return [Vertex(indices[0], row, None if is_framed else row.label)]


def _rounds(rows: list[Row], level: int, stands: dict[int, int]) -> list[Member]:
    """Return the rounds of a repeat: those that follow each other and are alike are drawn once."""
    rounds = [list(group) for _, group in groupby(rows, lambda row: row.places[level].number)]
    members: list[Member] = []
    for _, group in groupby(rounds, _like):
        first, *others = group
        inside = _members(first, level + 1, stands)
        for other in others:
            for row, drawn in zip(other, first, strict=True):
                pairs = zip(indices_of(row), indices_of(drawn), strict=True)
                stands.update({index: stands[like] for index, like in pairs})
        members += _times(1 + len(others), inside)
    return members


def _times(times: int, inside: list[Member]) -> list[Member]:
    """Return what is gone through several times: in a frame, if it is more than one box."""
    if times == 1 or not inside:
        return inside
    only = inside[0]
    if len(inside) == 1 and not isinstance(only, Fork) and only.times == 1:
        return [only._replace(times=times)]
    return [Cluster("", times, inside)]


def _like(rows: list[Row]) -> Any:
    """Return what two rounds that are alike have in common: layers, sizes, costs and paths."""
    places = {index: place for place, row in enumerate(rows) for index in indices_of(row)}
    entry = next(iter(inputs_of(rows[0])), None)
    return [
        (
            *(row.layer, *(QUANTITIES[name].of(row) for name in _ALIKE), len(row.rows)),
            [
                ("row", places[index]) if index in places else "in" if index == entry else index
                for index in inputs_of(row)
            ],
        )
        for row in rows
    ]
