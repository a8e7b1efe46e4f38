"""Blocks: a box a layer or fold, branches side by side, what is read again along lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.drawing.cells import (
    SMALL,
    WORDS,
    Cell,
    Chain,
    ForkCell,
    FrameCell,
    cells,
    chain_of,
    frames,
)
from cnncalc.drawing.routes import Tracks, cell_at, route, share_gaps, spots
from cnncalc.drawing.shapes import Box, Group, Text, arrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.drawing.parts import Network
    from cnncalc.drawing.shapes import Shape


def draw(network: Network) -> list[Shape]:
    """Return the shapes of a network, from top to bottom."""
    chain = chain_of(network.graph.members, network)
    arrows = network.graph.arrows
    where = dict(spots(chain))
    readers: dict[int, list[int]] = {}
    inputs: dict[int, list[int]] = {}
    for start, end in arrows:
        readers.setdefault(start, []).append(end)
        inputs.setdefault(end, []).append(start)
    _hold(chain, readers, inputs)
    _write_sizes(chain, network, inputs)
    share_gaps(chain)
    routes = []
    for end, starts in inputs.items():
        for number, start in enumerate(starts):
            if not cell_at(where[end]).is_held:
                routes.append(route(where[start], where[end], number))
    chain.spread()
    chain.place_across(0)
    tracks = Tracks(routes)
    chain.place_along(0)
    shapes: list[Shape] = [each for frame in frames(chain) for each in _frame(frame)]
    lines: dict[Shape, None] = {}
    for each in routes:
        is_side = each.target.part.row.aux
        lines |= dict.fromkeys(arrow(tracks.points(each), dashed=is_side))
    return [*shapes, *lines, *(_box(cell) for cell in cells(chain))]


def _chains(chain: Chain) -> Iterator[Chain]:
    yield chain
    for item in chain.items:
        inner = [item.chain] if isinstance(item, FrameCell) else []
        if isinstance(item, ForkCell):
            inner = item.chains
        for each in inner:
            yield from _chains(each)


def _hold(chain: Chain, readers: dict[int, list[int]], inputs: dict[int, list[int]]) -> None:
    """Let what changes no size stand right at the one layer that it reads."""
    for each in _chains(chain):
        for place, (before, item) in enumerate(zip(each.items, each.items[1:], strict=False), 1):
            if not (isinstance(before, Cell) and isinstance(item, Cell)):
                continue
            one, two = before.part.number, item.part.number
            if item.part.is_inside and readers.get(one) == [two] and inputs[two] == [one]:
                item.is_held = each.gaps[place].is_closed = True


def _write_sizes(chain: Chain, network: Network, inputs: dict[int, list[int]]) -> None:
    """Write a volume below the last of those that hold each other, where it is a new one."""
    for each in _chains(chain):
        first: Cell | None = None
        for place, item in enumerate(each.items):
            if not isinstance(item, Cell):
                continue
            if not item.is_held or first is None:
                first = item
            after = each.items[place + 1] if place + 1 < len(each.items) else None
            if isinstance(after, Cell) and after.is_held:
                continue
            reads = inputs.get(first.part.number)
            if not reads or network.parts[reads[0]].size != item.part.size:
                item.size = item.part.size


def _frame(frame: FrameCell) -> Iterator[Shape]:
    left, width = frame.x - frame.left, frame.left + frame.right
    yield Box(left, frame.y, width, frame.height, "frame-fill", "frame", radius=4)
    if frame.title:
        middle = frame.y + frame.height / 2
        yield Text(left + 6.5, middle, frame.title, SMALL, colour="faint", bold=True, upright=False)


def _box(cell: Cell) -> Group:
    """Return a box with its words, and the volume below it."""
    part = cell.part
    radius = cell.box_height / 2 if part.is_join else 1.5
    shapes: list[Shape] = [
        Box(
            cell.x - cell.wide / 2,
            cell.y,
            cell.wide,
            cell.box_height,
            part.fill,
            radius=radius,
            dashed=part.row.aux,
        )
    ]
    step = cell.box_height / (len(cell.lines) + (0.35 if len(cell.lines) > 1 else 0))
    top = cell.y + (cell.box_height - step * len(cell.lines)) / 2
    for number, line in enumerate(cell.lines):
        is_label = bool(part.label) and number == 0
        y = top + step * (number + 0.5)
        shapes.append(Text(cell.x, y, line, WORDS, bold=is_label))
    if cell.size:
        shapes.append(Text(cell.x + 3, cell.bottom + 5.5, cell.size, SMALL, "start", "faint"))
    return Group(part.title, tuple(shapes))
