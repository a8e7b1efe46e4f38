"""Levels: a row of volumes a resolution, from left to right; skips run above the row they end in.

A volume stands in the column of the longest path to it, or in the next one that is free in its row.
Arrows go sideways in the band above a row and up and down between columns, where no volume is.
"""

from __future__ import annotations

from math import log2, sqrt
from typing import TYPE_CHECKING

from cnncalc.drawing.measures import width
from cnncalc.drawing.parts import spelled, stops
from cnncalc.drawing.scales import Scale
from cnncalc.drawing.shapes import Box, Drawing, Group, Line, Text, arrow
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.parts import Network, Stop
    from cnncalc.drawing.shapes import Point, Shape

_SIZE, _SMALL = 7.0, 6.5
_LANE, _TRACK = 5.0, 4.0
_WIDEST = 46.0
_MIDDLE = 0.5


class _Cell:
    """A volume with its row and column; `x` is its left edge, `y` its middle."""

    def __init__(self, stop: Stop, row: float, column: int) -> None:
        self.stop, self.level, self.column = stop, row, column
        self.row = 0
        self.x = self.y = self.wide = self.high = 0.0
        self.size = self.channels = ""

    @property
    def number(self) -> int:
        """The number of its first part."""
        return self.stop.parts[0].number

    @property
    def words(self) -> float:
        """How wide the widest of its words is."""
        texts = (self.size, self.channels, self.stop.label)
        return max(width(text, _SIZE) for text in texts)

    @property
    def middle(self) -> float:
        """The middle between its sides."""
        return self.x + self.wide / 2


class _Arrow:
    """An arrow: up or down on a `first` track, along a `lane`, and on a `last` track.

    `away`, `along` and `back` are where these are; `port` is the part of its target's height that
    it ends at.
    """

    def __init__(self, source: _Cell, target: _Cell, port: float) -> None:
        self.source, self.target, self.port = source, target, port
        self.first = self.last = self.lane = 0
        self.away = self.back = self.along = 0.0

    @property
    def is_near(self) -> bool:
        """Whether it goes to the next column."""
        return self.target.column == self.source.column + 1

    @property
    def band(self) -> int:
        """The row above which it runs."""
        return min(self.source.row, self.target.row)


def draw(network: Network) -> Drawing:
    """Return a network from left to right, its resolutions from top to bottom."""
    found = stops(network)
    own = {stop.parts[0].number: stop for stop in found.values()}
    scale = Scale((stop.volume for stop in own.values()), network.report.input, network.room)
    cells = _columns(own, scale)
    _measure(cells, scale)
    arrows = _arrows(cells)
    _place(cells, arrows)
    shapes = [shape for each in arrows for shape in _path(each)]
    shapes += [_box(cell, cells) for cell in cells.values()]
    edges = _("heights by the root of sizes") if scale.is_root else _("heights by sizes")
    return Drawing(shapes, (f"{edges}, {_('widths by the root of channels')}",))


def _columns(own: dict[int, Stop], scale: Scale) -> dict[int, _Cell]:
    """Return cells by number, each in a row and a column of its own."""
    cells: dict[int, _Cell] = {}
    taken: set[tuple[float, int]] = set()
    for number, stop in own.items():
        level = _level(stop, scale)
        if level is None:
            level = cells[stop.reads[0]].level if stop.reads else 0.0
        column = 1 + max((cells[each].column for each in stop.reads), default=-1)
        while (level, column) in taken:
            column += 1
        taken.add((level, column))
        cells[number] = _Cell(stop, level, column)
    rows = {level: row for row, level in enumerate(sorted({each.level for each in cells.values()}))}
    for cell in cells.values():
        cell.row = rows[cell.level]
    return cells


def _level(stop: Stop, scale: Scale) -> float | None:
    """Return how often a resolution was halved; None where nobody knows; a vector is last."""
    volume, jump = stop.volume, stop.parts[-1].row.rows[-1].jump
    if len(volume) == 1:
        return 99.0
    if isinstance(jump, tuple) and jump and all(isinstance(each, int | float) for each in jump):
        return round(log2(max(*jump, 0.01)))
    return None if jump is None else round(log2(scale.largest / scale.sizes(volume)[0]))


def _measure(cells: dict[int, _Cell], scale: Scale) -> None:
    """Give each cell its size, and the words that are written at it: a size where it is new."""
    last: dict[int, str] = {}
    for cell in cells.values():
        volume = cell.stop.volume
        cell.high = scale.edges(volume)[0] * (0.5 if len(volume) == 1 else 1)
        channels = scale.number(volume[-1])
        cell.wide = 7.0 if len(volume) == 1 else min(3 + 0.9 * sqrt(channels), scale.room * _WIDEST)
        cell.channels = spelled(volume[-1:])
        spatial = volume[:-1]
        size = spelled(spatial) if spatial else ""
        if len(set(spatial)) == 1 and len(spatial) == 2:
            size = f"{spelled(spatial[:1])}\u00b2"
        if last.get(cell.row) != size:
            cell.size = last[cell.row] = size


def _arrows(cells: dict[int, _Cell]) -> list[_Arrow]:
    """Return the arrows, from straight ones to those that come from above and from below."""
    found = []
    for cell in cells.values():
        sources = [cells[number] for number in cell.stop.reads]
        straight: list[_Cell] = []
        above: list[_Cell] = []
        below: list[_Cell] = []
        for each in sources:
            if each.column + 1 < cell.column or each.row < cell.row:
                above.append(each)
            else:
                (straight if each.row == cell.row else below).append(each)
        found += [_Arrow(each, cell, _MIDDLE) for each in straight]
        low, high = (_MIDDLE, _MIDDLE) if len(sources) == 1 else (0.1, 0.45)
        for side, start, step in ((above, low, high - low), (below, 1 - low, low - high)):
            found += [
                _Arrow(each, cell, start + step * (place + 1) / (len(side) + 1))
                for place, each in enumerate(side)
            ]
    return found


def _place(cells: dict[int, _Cell], arrows: Sequence[_Arrow]) -> None:
    """Put rows below each other and columns beside each other, with room for arrows between."""
    gaps: dict[int, dict[tuple[str, int], int]] = {}
    bands: dict[int, list[list[tuple[int, int, int]]]] = {}
    for each in arrows:
        source, target = each.source, each.target
        if each.is_near:
            if source.row != target.row or each.port != _MIDDLE:
                each.first = _track(gaps, source.column, ("from", source.number))
            continue
        lanes = bands.setdefault(each.band, [])
        span = (source.column, target.column, source.number)
        free = (
            number
            for number, others in enumerate(lanes)
            if all(o[2] == span[2] or o[1] <= span[0] or span[1] <= o[0] for o in others)
        )
        each.lane = next(free, len(lanes))
        lanes += [[]] if each.lane == len(lanes) else []
        lanes[each.lane].append(span)
        each.first = _track(gaps, source.column, ("from", source.number))
        each.last = _track(gaps, target.column - 1, ("to", target.number))
    columns = max(cell.column for cell in cells.values()) + 1
    x = 0.0
    for column in range(columns):
        here = [cell for cell in cells.values() if cell.column == column]
        wide = max((max(cell.wide, cell.words + 3) for cell in here), default=0)
        for cell in here:
            cell.x = x + (wide - cell.wide) / 2
        for each in arrows:
            if each.source.column == column:
                each.away = x + wide + 4 + _TRACK * each.first
            if each.target.column == column + 1:
                each.back = x + wide + 4 + _TRACK * each.last
        x += wide + 10 + _TRACK * len(gaps.get(column, {}))
    y = 0.0
    for row in range(max(cell.row for cell in cells.values()) + 1):
        here = [cell for cell in cells.values() if cell.row == row]
        y += _LANE * len(bands.get(row, [])) + 22
        high = max(cell.high for cell in here)
        for cell in here:
            cell.y = y + high / 2
        for each in arrows:
            if each.band == row:
                each.along = y - 20 - _LANE * each.lane
        y += high + 16


def _track(gaps: dict[int, dict[tuple[str, int], int]], column: int, key: tuple[str, int]) -> int:
    tracks = gaps.setdefault(column, {})
    return tracks.setdefault(key, len(tracks))


def _path(each: _Arrow) -> list[Shape]:
    """Return an arrow: straight to the next column of a row, else around corners."""
    source, target = each.source, each.target
    start: Point = (source.x + source.wide, source.y)
    end: Point = (target.x, target.y - target.high / 2 + target.high * each.port)
    if not each.is_near:
        up = [start, (each.away, start[1]), (each.away, each.along)]
        down = [(each.back, each.along), (each.back, end[1]), end]
        return arrow([*up, *down], "skip", dashed=True)
    corners = [(each.away, start[1]), (each.away, end[1])] if start[1] != end[1] else []
    return arrow([start, *corners, end], dashed=target.stop.parts[0].row.aux)


def _box(cell: _Cell, cells: dict[int, _Cell]) -> Group:
    """Return a volume, in as many tones as it has parts, with its words."""
    part = cell.stop.parts[0]
    top = cell.y - cell.high / 2
    shapes: list[Shape] = []
    if part.row.kind == "concat" and len(part.row.reads) > 1 and part.fill == "plain":
        shapes += _stripes(cell, cells, top)
    fill = None if shapes else part.fill
    shapes.append(Box(cell.x, top, cell.wide, cell.high, fill, radius=0, dashed=part.row.aux))
    shapes.append(Text(cell.middle, top - 5, cell.channels, _SMALL))
    if cell.stop.label:
        shapes.append(Text(cell.middle, top - 13, cell.stop.label, _SMALL, bold=True))
    if cell.size:
        shapes.append(Text(cell.middle, top + cell.high + 6, cell.size, _SMALL, colour="faint"))
    return Group(cell.stop.title, tuple(shapes))


def _stripes(cell: _Cell, cells: dict[int, _Cell], top: float) -> Iterator[Shape]:
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
