"""Maps seen from above: grids of cells with their indices, long axes with pieces left out."""

from __future__ import annotations

from bisect import bisect
from functools import cached_property
from itertools import accumulate, product
from math import inf
from typing import TYPE_CHECKING

from cnncalc.drawing.groups import FILLS
from cnncalc.drawing.measures import width
from cnncalc.drawing.shapes import Box, Boxes, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from cnncalc.drawing.groups import Sheet
    from cnncalc.drawing.shapes import Bounds

    Run = tuple[int, int]

INDEX = 5.5
"""The size of the numbers beside a map."""

AWAY = 5.0
"""How far from a map they stand."""

GATHERED = "\u00b7\u00b7\u00b7"
"""What stands at places that are not drawn one by one."""

_WIDE = 1.5  # cells, of these
_NEAR, _BAR = 1.0, 2.0  # points from a map, and of a bar


class Ruler:
    """An axis from a first to a last place, a `cell` each; without those that are not kept."""

    def __init__(
        self, first: int, last: int, cell: float, keep: Collection[int] | None = None
    ) -> None:
        self.first, self.last, self.cell, self._keep = first, last, cell, keep

    @cached_property
    def pieces(self) -> list[Run]:
        """Its places, one by one or gathered."""
        if self._keep is None:
            return [(place, place) for place in range(self.first, self.last + 1)]
        pieces: list[Run] = []
        for place in sorted(self._keep):
            before = pieces[-1][1] if pieces else self.first - 1
            if place > before + 1:
                pieces.append((before + 1, place - 1))
            pieces.append((place, place))
        return pieces

    @cached_property
    def _starts(self) -> list[float]:
        wide = ((1 if low == high else _WIDE) * self.cell for low, high in self.pieces)
        return list(accumulate(wide, initial=0.0))

    @property
    def alone(self) -> list[int]:
        """The places that are drawn one by one."""
        return [low for low, high in self.pieces if low == high]

    @property
    def length(self) -> float:
        """How long it is."""
        return self.span(self.first, self.last)[1]

    def span(self, low: int, high: int) -> tuple[float, float]:
        """Return where places begin and end."""
        if self._keep is None:
            return (low - self.first) * self.cell, (high + 1 - self.first) * self.cell
        start = bisect(self.pieces, (low, inf)) - 1
        return self._starts[start], self._starts[bisect(self.pieces, (high, inf))]

    def within(self, low: int, high: int) -> list[Run]:
        """Return the pieces between two places."""
        return [piece for piece in self.pieces if low <= piece[0] and piece[1] <= high]

    def gathered(self) -> Iterator[tuple[float, float]]:
        """Yield where those that are left out begin and end."""
        for low, high in self.pieces:
            if low < high:
                yield self.span(low, high)


class Map:
    """A grid of rows and columns, its left edge at x and its top at y.

    Where rows and columns are asked for, they come as a pair: runs of places, or places.
    """

    def __init__(self, rulers: Sequence[Ruler], x: float = 0, y: float = 0) -> None:
        self.rulers, self.x, self.y = rulers, x, y
        self.rows, self.columns = rulers

    @property
    def bounds(self) -> Bounds:
        """The box around it."""
        return self.x, self.y, self.x + self.columns.length, self.y + self.rows.length

    def box(self, ends: Sequence[Run], inset: float = 0) -> Bounds:
        """Return where rows and columns cross."""
        (top, bottom), (left, right) = (
            ruler.span(*each) for ruler, each in zip(self.rulers, ends, strict=True)
        )
        return (
            self.x + left + inset,
            self.y + top + inset,
            self.x + right - inset,
            self.y + bottom - inset,
        )

    def cells(self, places: Sequence[Iterable[int]], inset: float = 0) -> tuple[Bounds, ...]:
        """Return the cells in which each of rows and each of columns cross."""
        crossed = product(*places)
        return tuple(self.box([(each, each) for each in cell], inset) for cell in crossed)

    def grid(self, ends: Sequence[Run], fill: str | None, line: str) -> Iterator[Boxes]:
        """Yield rows and columns with the lines between them."""
        rows, columns = ends
        across = [self.box((piece, columns)) for piece in self.rows.within(*rows)]
        along = [self.box((rows, piece)) for piece in self.columns.within(*columns)]
        yield Boxes(tuple(across), fill, line)
        yield Boxes(tuple(along), None, line)

    def behind(self, sheets: Sequence[Sheet], ends: Sequence[Run], fill: str) -> Iterator[Box]:
        """Yield what shows behind it of the maps of other channels."""
        left, top, right, bottom = self.box(ends)
        for away, group in reversed(sheets):
            tone = FILLS[group] or fill
            yield Box(left + away, top - away, right - left, bottom - top, tone)

    def bars(self, places: range, *, is_row: bool) -> Boxes:
        """Return bars along rows on the left, or along columns below."""
        left, _top, _right, bottom = self.bounds
        runs = [(places[0], places[-1])]
        if places.step > 1:
            runs = [(place, place) for place in self.rulers[not is_row].alone if place in places]
        found = []
        for low, high in runs:
            if is_row:
                start, end = self.rows.span(low, high)
                found.append((left - _NEAR - _BAR, self.y + start, left - _NEAR, self.y + end))
            else:
                start, end = self.columns.span(low, high)
                bar = (left + start, bottom + _NEAR, left + end, bottom + _NEAR + _BAR)
                found.append(bar)
        return Boxes(tuple(found), "pool", None)

    def indices(
        self, rows: Iterable[tuple[int, int]], columns: Iterable[tuple[int, int]]
    ) -> Iterator[Text]:
        """Yield the numbers of rows on the left, and of columns below: a place and its number."""
        y, x = self.bounds[3] + AWAY + INDEX / 2, self.x - AWAY
        for middle, text in self._numbers(self.columns, columns, lambda text: width(text, INDEX)):
            yield Text(self.x + middle, y, text, INDEX, colour="faint")
        for middle, text in self._numbers(self.rows, rows, lambda _text: INDEX):
            yield Text(x, self.y + middle, text, INDEX, "end", "faint")

    @staticmethod
    def _numbers(
        ruler: Ruler, places: Iterable[tuple[int, int]], length: Callable[[str], float]
    ) -> Iterator[tuple[float, str]]:
        """Yield numbers and where they stand, those left out that would touch one before."""
        found = [(sum(ruler.span(place, place)) / 2, f"{number}") for place, number in places]
        found += [(sum(each) / 2, GATHERED) for each in ruler.gathered() if found]
        end = -inf
        for middle, text in sorted(found):
            half = length(text) / 2
            if middle - half > end:
                end = middle + half + 1
                yield middle, text
