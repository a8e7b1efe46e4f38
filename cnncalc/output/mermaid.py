"""A Mermaid flowchart: a box for each layer, branches side by side, rounds drawn once with ×N."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.report.diagram import Fork, Vertex, boxes
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.report.diagram import Cluster, Diagram, Member
    from cnncalc.report.listing import Listing

_SIGNS = str.maketrans({'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "&": "#amp;"})

_SHAPES = dict.fromkeys(JOIN_KINDS, ("([", "])"))
"""The boxes that are not square, by their kinds."""


def write(listing: Listing) -> Iterator[str]:
    """Yield the chart of a network's listing, which has a graph."""
    assert listing.graph is not None  # noqa: S101 - the command line has asked before
    graph = listing.graph()
    yield '%%{init: {"flowchart": {"subGraphTitleMargin": {"bottom": 24}}}}%%'
    yield "flowchart TB"
    doors = {door.first: door for door in _doors(graph.members, "  ", graph.arrows)}
    yield from _drawn(graph, graph.members, "  ", doors)
    arrows = [(f"n{start}", f"n{end}") for start, end in graph.arrows]
    for door in doors.values():
        arrows = [arrow for each in arrows for arrow in door.through(*each)]
    for start, end in dict.fromkeys(arrows):
        yield f"  {start} --> {end}"
    side = [f"n{box.number}" for box in boxes(graph.members) if box.row.aux]
    if side:
        yield "  classDef side stroke-dasharray: 4 4"
        yield f"  class {','.join(side)} side"


class _Door(NamedTuple):
    """Where arrows enter a frame: at its edge, for its title stands in the middle above its boxes.

    Those from a source that more than one of its boxes read meet in a ring inside.
    """

    name: str
    first: int
    inside: frozenset[str]
    source: str
    has_ring: bool

    @property
    def ring(self) -> str:
        """What the ring is called."""
        return f"r{self.name}"

    def through(self, start: str, end: str) -> Iterator[tuple[str, str]]:
        """Yield the arrows that an arrow is, where it enters here."""
        if start != self.source or end not in self.inside:
            yield start, end
            return
        yield start, self.name
        if self.has_ring:
            yield self.ring, end


def _doors(
    members: Sequence[Member], indent: str, arrows: Sequence[tuple[int, int]]
) -> Iterator[_Door]:
    """Yield the doors of frames that one source reaches, outer ones last."""
    for each in members:
        if isinstance(each, Vertex):
            continue
        if isinstance(each, Fork):
            yield from _doors(each.members, indent, arrows)
            continue
        yield from _doors(each.members, f"{indent}  ", arrows)
        inside = {box.number for box in boxes(each.members)}
        enter = [(start, end) for start, end in arrows if end in inside and start not in inside]
        if len({start for start, _ in enter}) == 1:
            names = frozenset(f"n{number}" for number in inside)
            first = next(boxes(each.members)).number
            has_ring = len({end for _, end in enter}) > 1
            yield _Door(_name(each, indent), first, names, f"n{enter[0][0]}", has_ring)


def _name(frame: Cluster, indent: str) -> str:
    """Return what a frame is called; another around it may have the same first box."""
    return f"g{next(boxes(frame.members)).number}_{len(indent)}"


def _drawn(
    graph: Diagram, members: Sequence[Member], indent: str, doors: dict[int, _Door]
) -> Iterator[str]:
    """Yield boxes, and frames around theirs."""
    for each in members:
        if isinstance(each, Vertex):
            words = "<br/>".join(line.translate(_SIGNS) for line in graph.words(each))
            opens, closes = _SHAPES.get(each.row.kind, ("[", "]"))
            yield f'{indent}n{each.number}{opens}"{words}"{closes}'
            continue
        if isinstance(each, Fork):
            yield from _drawn(graph, each.members, indent, doors)
            continue
        title = f"{each.label} \u00d7{each.times}" if each.times > 1 else each.label
        name = _name(each, indent)
        yield f'{indent}subgraph {name} ["{title.strip().translate(_SIGNS)}"]'
        yield f"{indent}  direction TB"
        door = doors.get(next(boxes(each.members)).number)
        if door and door.name == name and door.has_ring:
            yield f'{indent}  {door.ring}((" "))'
        yield from _drawn(graph, each.members, f"{indent}  ", doors)
        yield f"{indent}end"
