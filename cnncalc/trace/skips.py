"""Rows that a forward pass does not keep, since they are like those of the round before them."""

from __future__ import annotations

from bisect import bisect_right

from cnncalc.tuples import NamedTuple


class _SkippedRows(NamedTuple):
    """Rows from one on that are not kept: rounds of `period` rows each, `total` rows.

    `place` is where they would be among the rows that are kept, and `first` the place of the round
    before them.
    """

    begin: int
    period: int
    total: int
    place: int
    first: int


class RowSkips:
    """The rows of a long pass that are not kept.

    Rounds of a repeat that are alike hold alike, if there is one before them and one behind: what
    one writes is read in it, and in the next as what comes in. Of what is held behind them, what
    stands in the round before them stands for what the last of them wrote.

    >>> skips = RowSkips()
    >>> skips.add(6, 2, 10)  # rows 6 to 15 are as 4 and 5
    >>> [skips.place(row) for row in (5, 6, 7, 15, 16)], skips.row(6), skips.row(5, 6)
    ([5, 4, 5, 5, 6], 16, 15)
    """

    def __init__(self) -> None:
        self._skips: list[_SkippedRows] = []
        self._begins: list[int] = []

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowSkips) and self._skips == other._skips

    def __hash__(self) -> int:
        return hash(len(self._skips))

    def add(self, begin: int, period: int, total: int) -> None:
        """Take it that rows from one on are as the `period` rows before them, again and again."""
        self._skips.append(
            _SkippedRows(begin, period, total, self.place(begin), self.place(begin - period))
        )
        self._begins.append(begin)

    def place(self, row: int) -> int:
        """Return the place of a row among those that are kept, or of the one that it is like."""
        at = bisect_right(self._begins, row)
        if not at:
            return row
        skip = self._skips[at - 1]
        beyond = row - skip.begin
        if beyond >= skip.total:
            return skip.place + beyond - skip.total
        return self.place(skip.begin - skip.period + beyond % skip.period)

    def row(self, place: int, seen_at: int = 0) -> int:
        """Return the row at a place; or the one that it stands for where a later one is seen."""
        begins = (skip.first if seen_at >= skip.place else skip.place for skip in self._skips)
        behind = zip(begins, self._skips, strict=True)
        return place + sum(skip.total for begin, skip in behind if place >= begin)
