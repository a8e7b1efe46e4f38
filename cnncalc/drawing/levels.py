"""Levels: a row of volumes a resolution, from left to right; skips run above the row they end in.

Where there is little room, words read upwards, and what follows alone on a volume stands at it.
"""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

from cnncalc.drawing.measures import width
from cnncalc.drawing.parts import spelled, stops
from cnncalc.drawing.scales import Scale
from cnncalc.drawing.shapes import Box, Drawing, Line, Text, TitledShapes, arrow
from cnncalc.drawing.tiers import Slab, place, tiers
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.drawing.parts import DrawnNetwork
    from cnncalc.drawing.shapes import Point, Shape
    from cnncalc.drawing.tiers import Link

_SMALL = 6.5
_WIDEST = 46.0
_CLOSE = 5.0  # points, that need no arrow
_PITCH = 7.2  # points, of a column whose words read upwards


def draw(network: DrawnNetwork) -> Drawing:
    """Return a network from left to right, its resolutions from top to bottom."""
    own = {stop.parts[0].number: stop for stop in stops(network).values()}
    scale = Scale((stop.volume for stop in own.values()), network.report.input, network.room)
    cells, ways = tiers(own, scale)
    is_dense = network.room < 1
    _measure(cells, scale, is_dense=is_dense)
    place(cells, ways, is_dense=is_dense)
    shapes = [shape for each in ways for shape in _path(each)]
    shapes += [_box(cell, cells, is_dense=is_dense) for cell in cells.values()]
    edges = _("heights by the root of sizes") if scale.is_root else _("heights by sizes")
    return Drawing(shapes, (f"{edges}, {_('widths by the root of channels')}",))


def _measure(cells: dict[int, Slab], scale: Scale, *, is_dense: bool) -> None:
    """Give each cell its size, and the words that are written at it: a size where it is new."""
    last: dict[int, tuple[str, str]] = {}
    for cell in cells.values():
        volume = cell.stop.volume
        cell.high = scale.edges(volume)[0] * (0.5 if len(volume) == 1 else 1)
        channels = scale.number(volume[-1])
        cell.wide = min(3 + 0.9 * scale.room * sqrt(channels), scale.room * _WIDEST)
        if len(volume) == 1:
            cell.wide = 4 + 3 * scale.room
        cell.channels = spelled(volume[-1:])
        spatial = volume[:-1]
        size = spelled(spatial) if spatial else ""
        if len(set(spatial)) == 1 and len(spatial) == 2:
            size = f"{spelled(spatial[:1])}\u00b2"
        if last.get(cell.row, ("", ""))[0] != size:
            cell.size = size
        elif is_dense and last[cell.row][1] == cell.channels:
            cell.channels = ""
        last[cell.row] = size, spelled(volume[-1:])
        texts = (cell.size, cell.channels, cell.stop.label)
        if is_dense:
            cell.needs = max(cell.wide, _PITCH if any(texts) else 0)
            over = sum(width(text, _SMALL) * 1.07 + 3 for text in texts[1:] if text)
            under = width(cell.size, _SMALL) + 4
        else:
            cell.needs = max(cell.wide, *(width(text, _SMALL) * 1.07 + 3 for text in texts))
            over, under = 18.0 if cell.stop.label else 10.0, 11.0
        cell.over = cell.high / 2 + over
        cell.under = cell.high / 2 + (under if cell.size else 1)


def _path(way: Link) -> Iterator[Shape]:
    """Yield an arrow: straight along a row, across from column to column, or around corners."""
    source, target = way.source, way.target
    if target.holds is source and target.x - source.x - source.wide < _CLOSE:
        return
    start: Point = (source.x + source.wide, source.y)
    end: Point = (target.x, target.y - target.high / 2 + target.high * way.port)
    points = [start, end]
    if way.lane is not None:
        up = [start, (way.away, start[1]), (way.away, way.along)]
        points = [*up, (way.back, way.along), (way.back, end[1]), end]
    elif start[1] != end[1]:
        points = [start, (way.away, start[1]), (way.back, end[1]), end]
    points = [points[0], *(two for one, two in pairwise(points) if one != two)]
    is_skip = way.lane is not None or way.passes
    is_side = target.stop.parts[0].row.aux
    yield from arrow(points, "skip" if is_skip else "arrow", dashed=is_skip or is_side)


def _box(cell: Slab, cells: dict[int, Slab], *, is_dense: bool) -> TitledShapes:
    """Return a volume, in as many tones as it has parts, with its words."""
    part = cell.stop.parts[0]
    top, middle = cell.y - cell.high / 2, cell.x + cell.wide / 2
    shapes: list[Shape] = []
    if part.row.kind == "concat" and len(part.row.reads) > 1 and part.fill == "plain":
        shapes += _stripes(cell, cells, top)
    fill = None if shapes else part.fill
    shapes.append(Box(cell.x, top, cell.wide, cell.high, fill, radius=0, dashed=part.row.aux))
    label, bottom = cell.stop.label, top + cell.high
    if is_dense:
        low = top - 3
        for text, is_bold in ((cell.channels, False), (label, True)):
            if text:
                found = Text(middle, low, text, _SMALL, "start", bold=is_bold, upright=False)
                shapes.append(found)
                low -= found.length + 3
        if cell.size:
            under = bottom + 3
            shapes.append(Text(middle, under, cell.size, _SMALL, "end", "faint", upright=False))
        return TitledShapes(cell.stop.title, tuple(shapes))
    shapes.append(Text(middle, top - 5, cell.channels, _SMALL))
    if label:
        shapes.append(Text(middle, top - 13, label, _SMALL, bold=True))
    if cell.size:
        shapes.append(Text(middle, bottom + 6, cell.size, _SMALL, colour="faint"))
    return TitledShapes(cell.stop.title, tuple(shapes))


def _stripes(cell: Slab, cells: dict[int, Slab], top: float) -> Iterator[Shape]:
    """Yield what a concat stacks, as wide as its parts are of it, coloured as they are."""
    row = cell.stop.parts[0].row
    parts = [volume[-1] for volume in row.reads]
    total = cell.stop.volume[-1]
    if not all(isinstance(each, int) for each in (*parts, total)) or sum(parts) != total:
        return
    x = cell.x
    for number, each in enumerate(parts):
        wide = cell.wide * each / total
        read = (
            cells[cell.stop.reads[number]].stop.parts[0] if number < len(cell.stop.reads) else None
        )
        fill = read.fill if read else "plain"
        tone = fill if fill == "plain" or number % 2 else f"{fill}-front"
        yield Line(
            ((x, top), (x + wide, top), (x + wide, top + cell.high), (x, top + cell.high)),
            None,
            tone,
        )
        x += wide
