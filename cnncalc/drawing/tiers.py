"""Where the volumes of levels stand: rows by resolution, columns by the longest path.

Arrows go up and down between columns, where no volume is, and sideways along a row where that is
free, else on a lane above it. A row stands as high as what is above it leaves room for, column by
column.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.drawing.parts import Stop
    from cnncalc.drawing.scales import Scale

MIDDLE = 0.5
"""The part of a target's height that an arrow ends at, where it is alone."""

_LANE, _TRACK = 5.0, 4.0
_FAN = 10.0  # points, in which arrows cross from column to column


class Slab:
    """A volume with its row and column; `x` is its left edge, `y` its middle.

    `needs` is how wide its column is at least, `over` and `under` how far it reaches from its
    middle with its words; what it `holds` stands right before it, without an arrow.
    """

    def __init__(self, stop: Stop, level: float, column: int) -> None:
        self.stop, self.level, self.column = stop, level, column
        self.row = 0
        self.x = self.y = self.wide = self.high = self.needs = self.over = self.under = 0.0
        self.size = self.channels = ""
        self.holds: Slab | None = None

    @property
    def number(self) -> int:
        """The number of its first part."""
        return self.stop.parts[0].number


class Link:
    """An arrow; `port` is the part of its target's height that it ends at.

    It leaves its source's column at `away` and comes to its target's at `back`; on a `lane` it goes
    `along`; `passes` says that its source is read nearer by, too.
    """

    def __init__(self, source: Slab, target: Slab, port: float) -> None:
        self.source, self.target, self.port = source, target, port
        self.lane: tuple[int, int] | None = None
        self.passes = False
        self.first = self.last = 0
        self.away = self.back = self.along = 0.0

    @property
    def is_near(self) -> bool:
        """Whether it goes to the next column."""
        return self.target.column == self.source.column + 1

    @property
    def crosses(self) -> bool:
        """Whether it goes to another row of the next column, or to another place of it."""
        return self.is_near and (self.source.row != self.target.row or self.port != MIDDLE)


def tiers(own: dict[int, Stop], scale: Scale) -> tuple[dict[int, Slab], list[Link]]:
    """Return volumes by number, each in a row and a column of its own, and their arrows."""
    cells = _columns(own, scale)
    readers: dict[int, list[Slab]] = {}
    for cell in cells.values():
        for each in dict.fromkeys(cell.stop.reads):
            readers.setdefault(each, []).append(cell)
    _align(cells, readers)
    rows = {level: row for row, level in enumerate(sorted({each.level for each in cells.values()}))}
    for cell in cells.values():
        cell.row = rows[cell.level]
    ways = _ways(cells)
    for way in ways:
        one, two = way.source, way.target
        if way.is_near and one.row == two.row and [*map(id, readers[one.number])] == [id(two)]:
            is_alone = len(two.stop.reads) == 1 and one.stop.volume[:-1] == two.stop.volume[:-1]
            two.holds = one if is_alone and len(one.stop.volume) > 1 and one.stop.reads else None
        nearest = min(reader.column for reader in readers[one.number])
        way.passes = two.column > one.column + 2 and nearest < two.column
    return cells, ways


def _columns(own: dict[int, Stop], scale: Scale) -> dict[int, Slab]:
    """Return cells in their levels, each in the column of the longest path, or the next free."""
    cells: dict[int, Slab] = {}
    taken: set[tuple[float, int]] = set()
    for number, stop in own.items():
        level = _level(stop, scale)
        if level is None:
            level = cells[stop.reads[0]].level if stop.reads else 0.0
        column = 1 + max((cells[each].column for each in stop.reads), default=-1)
        while (level, column) in taken:
            column += 1
        taken.add((level, column))
        cells[number] = Slab(stop, level, column)
    return cells


def _level(stop: Stop, scale: Scale) -> float | None:
    """Return how often a resolution was halved; None where it goes by the volume it reads."""
    volume, jump = stop.volume, stop.parts[-1].row.rows[-1].jump
    sizes = scale.sizes(volume)
    if max(sizes, default=1.0) == 1 or (stop.reads and scale.is_slim(volume)):
        return None
    if isinstance(jump, tuple) and jump and all(isinstance(each, int | float) for each in jump):
        return round(log2(max(*jump, 0.01)))
    return None if jump is None else round(log2(scale.largest / sizes[0]))


def _align(cells: dict[int, Slab], readers: dict[int, list[Slab]]) -> None:
    """Let volumes stand right before what reads them, where that makes no arrows longer."""
    taken = {(cell.level, cell.column) for cell in cells.values()}
    for cell in reversed(cells.values()):
        mine = readers.get(cell.number, ())
        column = min((each.column for each in mine), default=0) - 1
        if column > cell.column and len(mine) >= len(cell.stop.reads):
            free = all((cell.level, at) not in taken for at in range(cell.column + 1, column + 1))
            if free:
                taken.discard((cell.level, cell.column))
                cell.column = column
                taken.add((cell.level, column))


def _ways(cells: dict[int, Slab]) -> list[Link]:
    """Return arrows: those straight along a row, and those that come from above and from below."""
    taken = {(cell.row, cell.column) for cell in cells.values()}
    found = []
    for cell in cells.values():
        straight: list[Slab] = []
        above: list[Slab] = []
        below: list[Slab] = []
        far: set[int] = set()
        for number in cell.stop.reads:
            each = cells[number]
            between = range(each.column + 1, cell.column)
            is_free = each.row == cell.row and not any((cell.row, at) in taken for at in between)
            if is_free and each not in straight:
                straight.append(each)
            elif each.column + 1 < cell.column:
                far.add(id(each))
                above.append(each)
            else:
                (above if each.row < cell.row else below).append(each)
        ways = [Link(each, cell, MIDDLE) for each in straight]
        low, high = (MIDDLE, MIDDLE) if len(cell.stop.reads) == 1 else (0.1, 0.45)
        for side, start, step in ((above, low, high - low), (below, 1 - low, low - high)):
            ways += [
                Link(each, cell, start + step * (place + 1) / (len(side) + 1))
                for place, each in enumerate(side)
            ]
        for way in ways:
            if id(way.source) in far and way.source in above:
                way.lane = way.source.column + 1, cell.column - 1
        found += ways
    return found


# ---------------------------------------------------------------- places


def place(cells: dict[int, Slab], ways: Sequence[Link], *, is_dense: bool) -> None:
    """Put columns beside each other and rows below each other, with room for arrows between."""
    columns = 1 + max(cell.column for cell in cells.values())
    gaps = [_Alley() for _ in range(columns)]
    for each in ways:
        gap = gaps[each.source.column]
        if each.target.holds is not each.source:
            gap.is_used = True
        if each.crosses:
            gap.crossing.append(each)
    for gap in gaps:
        if not gap.is_fan:
            for each in gap.crossing:
                each.first = each.last = gap.track(("from", each.source.number))
    for each in ways:
        if each.lane:
            each.first = gaps[each.source.column].track(("from", each.source.number))
            each.last = gaps[each.target.column - 1].track(("to", each.target.number))
        for at in range(each.source.column, each.target.column if not each.lane else 0):
            gaps[at].is_used |= each.target.holds is not each.source
    x = 0.0
    free = 6.5 if is_dense else 10.0
    for column, gap in enumerate(gaps):
        here = [cell for cell in cells.values() if cell.column == column]
        wide = max((cell.needs for cell in here), default=0.0)
        for cell in here:
            cell.x = x + (wide - cell.wide) / 2
        gap.x = x + wide
        x += wide + gap.wide(free)
    for each in ways:
        gap, last = gaps[each.source.column], gaps[each.target.column - 1]
        if each.lane or not gap.is_fan:
            each.away = gap.x + 2.5 + _TRACK * each.first
            each.back = last.x + 2.5 + _TRACK * each.last
        else:
            each.away, each.back = gap.x + 0.5, gap.x + gap.wide(free) - 4.5
    _place_rows(cells, ways, columns)


class _Alley:
    """What is between two columns, from x: tracks on which arrows go up and down, or a fan."""

    def __init__(self) -> None:
        self.x = 0.0
        self.is_used = False
        self.crossing: list[Link] = []
        self._tracks: dict[tuple[str, int], int] = {}

    @property
    def is_fan(self) -> bool:
        """Whether several arrows cross to several rows, each straight."""
        sources = {each.source.number for each in self.crossing}
        targets = {each.target.number for each in self.crossing}
        return len(sources) > 1 and len(targets) > 1 and len(self.crossing) > 2

    def track(self, key: tuple[str, int]) -> int:
        """Return the track of a source, or to a target."""
        return self._tracks.setdefault(key, len(self._tracks))

    def wide(self, free: float) -> float:
        """Return how wide it is: `free` points where it has an arrow alone."""
        if not (self.is_used or self._tracks):
            return 1.5
        fan = _FAN if self.is_fan else 0.0
        return max(free + fan, free + _TRACK * (len(self._tracks) - (not fan)))


def _place_rows(cells: dict[int, Slab], ways: Iterable[Link], columns: int) -> None:
    """Put rows below each other, as close as what stands in each column lets them."""
    ground = [0.0] * columns
    before: tuple[float, float] | None = None
    for row in range(1 + max(cell.row for cell in cells.values())):
        here = [cell for cell in cells.values() if cell.row == row]
        over, under = [0.0] * columns, [0.0] * columns
        used = set()
        for cell in here:
            over[cell.column], under[cell.column] = cell.over, cell.under
            used.add(cell.column)
        mine = [each for each in ways if min(each.source.row, each.target.row) == row]
        for each in mine:
            if not each.lane and each.source.row == each.target.row:
                for at in range(each.source.column + 1, each.target.column):
                    over[at], under[at] = 3.0, 3.0
                    used.add(at)
        lanes: dict[tuple[int, int, int], list[Link]] = {}
        for each in mine:
            if each.lane:
                lanes.setdefault((*each.lane, each.source.number), []).append(each)
        for (start, end, _source), group in sorted(
            lanes.items(), key=lambda item: (item[0][1] - item[0][0], item[0])
        ):
            span = range(start, end + 1)
            # lanes meet in the gaps beside their columns, too
            high = max(over[at] for at in range(max(start - 1, 0), min(end + 2, columns))) + _LANE
            high = max(high, *(each.high / 2 + 4 for each in here))
            for at in span:
                over[at] = high
                used.add(at)
            for each in group:
                each.along = high
        tall = max(cell.high for cell in here)
        y = max((ground[at] + over[at] for at in used), default=0.0)
        if before:
            y = max(y, before[0] + (before[1] + tall) / 4 + 6)
        for cell in here:
            cell.y = y
        for at in used:
            ground[at] = max(ground[at], y + under[at] + 5)
        for each in mine:
            each.along = y - each.along
        before = y, tall
