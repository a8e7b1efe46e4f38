"""Receptive fields on their maps: how they grow, and what one unit reads of each map before it.

Every map is drawn on the scale of the input: a unit is as large as its jump, and stands where its
field is. Of a map of more than two axes the last two are drawn.
"""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

from cnncalc.drawing.legend import legend
from cnncalc.drawing.maps import AWAY, INDEX, Map, Ruler
from cnncalc.drawing.measures import cut, width
from cnncalc.drawing.palette import SHADES
from cnncalc.drawing.parts import spelled
from cnncalc.drawing.shapes import Box, Boxes, Line, Text, TitledShapes, fitted
from cnncalc.kinds.volumes import axis_name
from cnncalc.report.fields import name_of
from cnncalc.speech.language import _
from cnncalc.trace.read_pixels import outside, read_back, read_pixels
from cnncalc.trace.units import growing, some, unit_about

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.legend import Key
    from cnncalc.drawing.shapes import Bounds, Figure, Shape
    from cnncalc.report.report import Report
    from cnncalc.trace.read_pixels import Block, Run
    from cnncalc.trace.rows import Row
    from cnncalc.trace.units import Unit

MOST = 5
"""The most fields that are drawn, each on a map of its own."""

PAGE = 504.0
"""How wide a page is, in points."""

_SIZE = 6.5
_LONGEST = (92.0, 400.0)  # points, of the longest map: of two axes, and of one
_CELL = 14.0  # points, of a pixel at most
_LINED, _NUMBERED = 4.0, 9.0  # points, of a cell that has lines around it, and a number
_GAP = 18.0
_WORDS = 84.0  # points, of what stands below a map at most
_MOST_RUNS = 40  # along an axis; of more the gaps are closed
_READ, _BEYOND = "pool", "skip"
_FLAT: Run = (0, 0)


class _Level:
    """A map, and the units of it that are read: blocks by their colours, the largest first.

    A unit is `jump` pixels of the input large, and that at 0 centred on the pixel `centre`, along
    both axes.
    """

    def __init__(self, row: Row, fills: list[tuple[str, list[Block]]]) -> None:
        self.row, self.fills = row, fills
        self.sizes = (1, *row.output[:-1])[-2:]
        self.jump = _pair(row.jump if row.index else (1,) * len(self.sizes), 1)
        self.centre = _pair(row.centre if row.index else (0,) * len(self.sizes), 0)
        self.hulls = [self._hull(axis) for axis in (0, 1)]
        self.shown = [self._shown(axis) for axis in (0, 1)]
        self.map = Map([Ruler(*_FLAT, 1)] * 2)

    def _hull(self, axis: int) -> Run:
        """Return the first and last of all that is read along an axis."""
        runs = [run for _fill, blocks in self.fills for block in blocks for run in block[axis]]
        lows, highs = zip(*(runs or [_FLAT]), strict=True)
        return min(lows), max(highs)

    def _shown(self, axis: int) -> Run:
        """Return the first and last that is drawn: what is read and some beside it, or all."""
        low, high = self.hulls[axis]
        beside = max((high - low) // 4, 1)
        whole = min(low, 0), max(high, self.sizes[axis] - 1)
        part = max(low - beside, whole[0]), min(high + beside, whole[1])
        return part if 5 * (part[1] - part[0]) < 3 * (whole[1] - whole[0]) else whole

    def length(self, axis: int) -> float:
        """Return how long what is drawn is, in pixels of the input."""
        low, high = self.shown[axis]
        return (high - low + 1) * self.jump[axis]

    def place(self, scale: float, *, is_flat: bool) -> None:
        """Put its map on a scale, where its fields are on the input; one row anywhere."""
        cells = [scale * each for each in self.jump]
        starts = [
            scale * (self.centre[axis] + (self.shown[axis][0] - 0.5) * self.jump[axis])
            for axis in (0, 1)
        ]
        if is_flat:
            cells[0], starts[0] = _CELL, 0.0
        rulers = [Ruler(*ends, cell) for ends, cell in zip(self.shown, cells, strict=True)]
        self.map = Map(rulers, starts[1], starts[0])

    @property
    def hull(self) -> Bounds:
        """The box around what is read."""
        return self.map.box(self.hulls)

    def draw(self) -> Iterator[Shape]:
        """Yield what is there, what is read, lines between cells, and where the map ends."""
        whole = [(0, size - 1) for size in self.sizes]
        inner = [
            (max(low, first), min(high, last))
            for (low, high), (first, last) in zip(self.shown, whole, strict=True)
        ]
        left, top, right, bottom = self.map.box(inner)
        yield Box(left, top, right - left, bottom - top, "plain", None)
        for fill, blocks in self.fills:
            boxes = tuple(box for block in blocks for box in self._boxes(block))
            if boxes:
                yield Boxes(boxes, fill, None)
        if min(ruler.cell for ruler in self.map.rulers) >= _LINED:
            yield from self.map.grid(self.shown, None, "frame")
        start, up, end, down = self.map.bounds
        yield Box(start, up, end - start, down - up, None, "frame")
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        is_edge = (
            inner[0][0] == 0,
            inner[1][1] == whole[1][1],
            inner[0][1] == whole[0][1],
            inner[1][0] == 0,
        )
        for ends, is_drawn in zip(pairwise(corners), is_edge, strict=True):
            if is_drawn:
                yield Line(ends, "edge", weight=1)

    def _boxes(self, block: Block) -> list[Bounds]:
        """Return where the runs of a block cross; as one, where gaps would not be seen."""
        if max(map(len, block)) > _MOST_RUNS:
            block = tuple(((runs[0][0], runs[-1][1]),) for runs in block)
        return [self.map.box(ends) for ends in product(*block)]

    def numbers(self, axis: int) -> list[tuple[int, int]]:
        """Return the places along an axis that have a number: all, or the ends."""
        low, high = self.shown[axis]
        places = {low, *self.hulls[axis], high}
        if self.map.rulers[axis].cell >= _NUMBERED:
            places.update(range(low, high + 1))
        return [(place, place) for place in sorted(places)]


def _pair(values: Sequence[float], alone: float) -> tuple[float, float]:
    """Return the last two of what axes have, as floats."""
    first, second = (alone, *values)[-2:]
    return float(first), float(second)


def draw(report: Report, unit: Unit, *, grows: bool) -> Figure:
    """Return what a unit reads of its input and of the maps between; or how fields grow to its.

    As many maps are drawn as a page is wide.
    """
    before = [row for row in growing(report.rows[: unit.row.index]) if row.seen == unit.row.seen]
    for most in range(MOST, 2, -1):
        figure = _drawn(report, unit, [*some(before, most - 1), unit.row], grows=grows)
        if figure.width <= PAGE:
            break
    return figure


def draw_side_by_side(report: Report, units: Sequence[Unit]) -> Figure:
    """Return the fields of units of several rows, one in another on the input, and each map."""
    units = some(sorted(units, key=lambda unit: unit.row.rf), MOST - 1)
    rows = [unit.row for unit in units]
    tones = _tones(rows)
    levels = [_nested(report, units, tones)]
    levels += [
        _Level(unit.row, [(tones[unit.row.index], _flat([_runs(unit.place)]))]) for unit in units
    ]
    shapes = list(_placed(levels, is_flat=len(units[0].place) == 1, is_path=False))
    return fitted([*shapes, *legend(_keys(levels, rows, grows=True), shapes, ())], report.text)


def _runs(place: Sequence[int]) -> Block:
    """Return a unit as a block of its map."""
    return tuple(((each, each),) for each in place)


def _drawn(report: Report, unit: Unit, rows: Sequence[Row], *, grows: bool) -> Figure:
    """Return the same with the maps of these rows."""
    levels = list(_levels(report, unit, rows, grows=grows))
    shapes = list(_placed(levels, is_flat=len(unit.place) == 1))
    keys = _keys(levels, rows, grows=grows)
    return fitted([*shapes, *legend(keys, shapes, reads(unit, is_named=not grows))], report.text)


def _placed(levels: list[_Level], *, is_flat: bool, is_path: bool = True) -> Iterator[Shape]:
    """Yield maps on one scale, and where they are a path the lines from one to the next."""
    longest = max(level.length(axis) for level in levels for axis in ((1,) if is_flat else (0, 1)))
    for level in levels:
        level.place(min(_CELL, _LONGEST[is_flat] / longest), is_flat=is_flat)
    yield from (_above_each_other if is_flat else _side_by_side)(levels, is_path=is_path)


def _tones(rows: Sequence[Row]) -> dict[int, str]:
    """Return the colours of rows' fields, the smallest the darkest."""
    return {row.index: f"shade-{SHADES - 1 - place}" for place, row in enumerate(rows)}


def _nested(report: Report, units: Sequence[Unit], tones: dict[int, str]) -> _Level:
    """Return the input, and on it what units read, those that read most below."""
    first = units[0].row
    fills = []
    for unit in reversed(units):
        whole = read_pixels(report.rows, unit.row, unit.place, padded=True)
        fills.append((tones[unit.row.index], _flat(whole.blocks)))
    return _Level(report.rows[first.seen[0] if first.seen else 0], fills)


def _levels(report: Report, unit: Unit, rows: Sequence[Row], *, grows: bool) -> Iterator[_Level]:
    """Yield the input and the maps of rows, with what the unit reads of each."""
    read = dict(read_back(report.rows, unit.row, unit.place))
    field = dict(read_back(report.rows, unit.row, unit.place, padded=True))
    entry = unit.row.seen[0] if unit.row.seen else 0
    tones = _tones(rows)
    for row in (report.rows[entry], *rows):
        if row.index not in field:
            continue
        if grows and row.index == entry:
            yield _nested(report, [unit_about(unit, each) for each in rows], tones)
            continue
        fill = tones[row.index] if grows else _READ
        parts = [] if grows else field[row.index].blocks
        beyond = [part for block in parts for part in outside(block, row.output[:-1])]
        here = (fill, _flat(read[row.index].blocks))
        yield _Level(row, [here, (_BEYOND, _flat(beyond))])


def _flat(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks along the last two axes; those of one axis on a single row."""
    found = [((_FLAT,), *block)[-2:] for block in blocks]
    return list(dict.fromkeys(block for block in found if all(block)))


# ---------------------------------------------------------------- where maps stand


def _side_by_side(levels: Sequence[_Level], *, is_path: bool) -> Iterator[Shape]:
    """Yield maps from the input to the unit, with lines from what is read to what reads it."""
    x = 0.0
    low = max(level.map.bounds[3] for level in levels) + AWAY + INDEX + 7
    for level in levels:
        words = [cut(each, _SIZE, _WORDS) for each in _words(level)]
        wide = max(level.map.columns.length, *(width(each, _SIZE) for each in words))
        level.map.x = x + (wide - level.map.columns.length) / 2
        yield TitledShapes(words[0], tuple(level.draw()))
        for number, text in enumerate(words):
            colour = "ink" if number == 0 else "faint"
            yield Text(x + wide / 2, low + 9 * number, text, _SIZE, colour=colour)
        x += wide + _GAP
    yield from levels[0].map.indices(*(levels[0].numbers(axis) for axis in (0, 1)))
    for one, two in pairwise(levels if is_path else ()):
        (_left, top, right, bottom), (left, up, _right, down) = one.hull, two.hull
        yield Line(((right, top), (left, up)), "arrow")
        yield Line(((right, bottom), (left, down)), "arrow")


def _above_each_other(levels: Sequence[_Level], *, is_path: bool) -> Iterator[Shape]:
    """Yield rows of units from the input up, each where its fields are."""
    left = min(level.map.x for level in levels) - 8
    for number, level in enumerate(levels):
        level.map.y = -number * (_CELL + _GAP)
        name, *more = _words(level)
        words = cut(name, _SIZE, _WORDS)
        yield TitledShapes(name, tuple(level.draw()))
        middle = level.map.y + _CELL / 2
        yield Text(left, middle - 4.5, words, _SIZE, "end")
        yield Text(left, middle + 4.5, ", ".join(more), _SIZE, "end", "faint")
    yield from levels[0].map.indices([], levels[0].numbers(1))
    for one, two in pairwise(levels if is_path else ()):
        (left, top, right, _bottom), (start, _top, end, low) = one.hull, two.hull
        yield Line(((left, top), (start, low)), "arrow")
        yield Line(((right, top), (end, low)), "arrow")


# ---------------------------------------------------------------- words


def _words(level: _Level) -> list[str]:
    """Return what a map is, its size, and what is read of it."""
    row = level.row
    read = ", ".join(
        str(low) if low == high else f"{low}..{high}"
        for low, high in level.hulls[-min(len(row.output) - 1, 2) :]
    )
    return [name_of(row) if row.index else _("input"), spelled(row.output), read]


def _keys(levels: Sequence[_Level], rows: Sequence[Row], *, grows: bool) -> Iterator[Key]:
    """Yield what the colours mean."""
    if grows:
        for place, row in enumerate(rows):
            words = _("row {number}: {layer}", number=row.index, layer=name_of(row))
            yield [f"shade-{SHADES - 1 - place}"], f"{spelled(row.rf)}, {words}"
    else:
        yield [_READ], _("what the unit reads")
    if any(fill == _BEYOND and blocks for level in levels for fill, blocks in level.fills):
        yield [_BEYOND], _("in the padding")


def reads(unit: Unit, *, is_named: bool = True) -> Iterator[str]:
    """Yield what a unit reads along each axis, and which axes are drawn, where not all are."""
    rank = len(unit.place)
    if is_named:
        pixels = ", ".join(
            f"{axis_name(axis, rank)} {side[0]}..{side[1]}"
            for axis, side in enumerate(unit.sides)
            if side
        )
        yield _("unit {unit} reads {pixels}", unit=unit.text, pixels=pixels or _("nothing"))
    if rank > 2:
        drawn = _(" and ").join(axis_name(axis, rank) for axis in (rank - 2, rank - 1))
        rest = ", ".join(f"{axis_name(axis, rank)} {unit.place[axis]}" for axis in range(rank - 2))
        yield _("drawn: {axes}, at {place} of the output", axes=drawn, place=rest)
