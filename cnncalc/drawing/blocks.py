"""Blocks: a box a layer or fold, branches side by side, what is read again along lanes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.drawing.cells import (
    SMALL,
    WORDS,
    Cell,
    Chain,
    ForkCell,
    FrameCell,
    Gap,
    Maker,
    cells,
    frames,
)
from cnncalc.drawing.routes import Tracks, cell_at, route, share_gaps, spots
from cnncalc.drawing.shapes import Box, Drawing, Text, TitledShapes, arrow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.parts import DrawnNetwork
    from cnncalc.drawing.routes import Spot
    from cnncalc.drawing.shapes import Shape


def draw(network: DrawnNetwork) -> Drawing:
    """Return a network from top to bottom."""
    chain = Maker(network).chain(network.graph.members)
    arrows = network.graph.arrows
    where = dict(spots(chain))
    readers: dict[int, list[int]] = {}
    inputs: dict[int, list[int]] = {}
    for start, end in arrows:
        readers.setdefault(start, []).append(end)
        inputs.setdefault(end, []).append(start)
    _hold(chain, readers, inputs)
    _write_sizes(chain, network, inputs)
    grounds: list[Shape] = []
    lines: dict[Shape, None] = {}
    boxes: list[Shape] = []
    left = 0.0
    before: Chain | None = None
    for column in _columns(chain, where, arrows):
        share_gaps(column)
        at = dict(spots(column))
        routes = [
            route(at[start], at[end], number)
            for end in at
            for number, start in enumerate(inputs.get(end, ()))
            if start in at and not cell_at(at[end]).is_held
        ]
        column.spread()
        column.place_across(left + column.left if before else 0)
        tracks = Tracks(routes)
        column.place_along(0)
        if before:
            lines |= dict.fromkeys(_carried(before, column))
        for each in routes:
            is_side = each.target.part.row.aux
            lines |= dict.fromkeys(arrow(tracks.points(each), dashed=is_side))
        grounds += [shape for frame in frames(column) for shape in _frame(frame)]
        boxes += [_box(cell) for cell in cells(column)]
        left, before = column.x + column.right + 2 * COLUMN, column
    return Drawing([*grounds, *lines, *boxes])


COLUMN = 14.0
"""What is free on either side of the arrow from one column to the next."""

MOST_DOWN = 640.0
"""How far down a column goes, in points."""


def _columns(
    chain: Chain, where: dict[int, list[Spot]], arrows: Sequence[tuple[int, int]]
) -> list[Chain]:
    """Return a chain in columns, where one is too long: broken where one arrow alone goes on."""
    ends = [0.0]
    for item in chain.items:
        ends.append(ends[-1] + item.height + (13 if not getattr(item, "is_held", False) else 0))
    count = -(-int(ends[-1]) // int(MOST_DOWN))
    free = _free(chain, where, arrows) if count > 1 else []
    cuts = [0]
    for number in range(1, count):
        wanted = ends[-1] * number / count
        left = [place for place in free if place > cuts[-1]]
        if left:
            cuts.append(min(left, key=lambda place: abs(ends[place] - wanted)))
    columns = []
    for start, end in pairwise([*cuts, len(chain.items)]):
        column = Chain(chain.items[start:end])
        column.gaps = [Gap(), *chain.gaps[start + 1 : end], Gap()]
        columns.append(column)
    return columns


def _free(
    chain: Chain, where: dict[int, list[Spot]], arrows: Sequence[tuple[int, int]]
) -> list[int]:
    """Return the places of a chain where one arrow alone goes on, from a last box to a first."""
    over: dict[int, set[tuple[int, int]]] = {}
    for start, end in arrows:
        for place in range(where[start][0].place + 1, where[end][0].place + 1):
            over.setdefault(place, set()).add((start, end))
    return [
        place for place in range(1, len(chain.items)) if over.get(place) == {_step(chain, place)}
    ]


def _step(chain: Chain, place: int) -> tuple[int, int] | None:
    """Return the last box before a place of a chain and the first behind it; None for forks."""
    before, after = chain.items[place - 1], chain.items[place]
    if isinstance(before, ForkCell) or isinstance(after, ForkCell):
        return None
    first = after.chain.items[0] if isinstance(after, FrameCell) else after
    if not isinstance(first, Cell) or first.is_held:
        return None
    return list(cells(Chain([before])))[-1].part.number, first.part.number


def _carried(before: Chain, column: Chain) -> list[Shape]:
    """Return the arrow from the end of a column to the beginning of the next."""
    source, target = list(cells(before))[-1], next(cells(column))
    low, middle = before.y + before.height + 8, before.x + before.right + COLUMN
    path = [(source.x, source.bottom), (source.x, low), (middle, low), (middle, -12.0)]
    return arrow([*path, (target.x, -12.0), (target.x, target.y)])


def _chains(chain: Chain) -> Iterator[Chain]:
    yield chain
    for item in chain.items:
        for each in item.chains:
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


def _write_sizes(chain: Chain, network: DrawnNetwork, inputs: dict[int, list[int]]) -> None:
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


def _box(cell: Cell) -> TitledShapes:
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
    return TitledShapes(part.title, tuple(shapes))
