"""A Mermaid flowchart: a box for each layer, branches side by side, rounds drawn once with ×N."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.report.diagram import Box, Fork, boxes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.report.diagram import Diagram, Member
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
    yield from _drawn(graph, graph.members, "  ")
    for start, end in graph.arrows:
        yield f"  n{start} --> n{end}"
    side = [f"n{box.number}" for box in boxes(graph.members) if box.row.aux]
    if side:
        yield "  classDef side stroke-dasharray: 4 4"
        yield f"  class {','.join(side)} side"


def _drawn(graph: Diagram, members: Sequence[Member], indent: str) -> Iterator[str]:
    """Yield boxes, and frames around theirs."""
    for each in members:
        if isinstance(each, Box):
            words = "<br/>".join(line.translate(_SIGNS) for line in graph.words(each))
            opens, closes = _SHAPES.get(each.row.kind, ("[", "]"))
            yield f'{indent}n{each.number}{opens}"{words}"{closes}'
            continue
        if isinstance(each, Fork):
            yield from _drawn(graph, each.members, indent)
            continue
        title = f"{each.label} \u00d7{each.times}" if each.times > 1 else each.label
        first = next(boxes(each.members)).number
        yield f'{indent}subgraph g{first}_{len(indent)} ["{title.strip().translate(_SIGNS)}"]'
        yield from _drawn(graph, each.members, f"{indent}  ")
        yield f"{indent}end"
