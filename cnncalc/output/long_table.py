"""A table of many rows: the look of a short one, in memory that does not grow with the rows.

Its cells are written to a temporary file while it is learned which are the widest: laid out are
these alone, as all of them would be.
"""

from __future__ import annotations

from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from cnncalc.output.layout import as_ascii, forms_of
from cnncalc.output.table import draw_layout, lay_out_listing
from cnncalc.report.listing import LEFT
from cnncalc.speech.lines import cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.output.layout import Layout
    from cnncalc.output.table import Style
    from cnncalc.report.listing import Cells, Column, Listing

CHUNK = 300  # rows that rich draws at once, where texts are folded

_NEW = object()
_CELL, _FORM = "\x1f", "\x1e"  # stand between cells, and between forms of them: no text has them


class LongTable:
    """The rows of a listing's table, added one after the other, and then its lines."""

    def __init__(self, shown: Listing, style: Style) -> None:
        self._shown, self._style = shown, style
        self._columns = [*enumerate(shown.columns)]
        self._values: list[Any] = [_NEW] * len(self._columns)
        self._cells = [("", "", "")] * len(self._columns)
        self._most: dict[tuple[str, int], int] = {}
        self._decisive: dict[tuple[str, int], Cells] = {}
        self._file = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by `close`

    def add(self, row: Cells) -> None:
        """Take the next row: what is as in the row before it has the same cell."""
        for at, column in self._columns:
            value, before = row.get(column.name), self._values[at]
            if value is before or (value == before and type(value) in (int, tuple, str)):
                continue
            self._values[at] = value
            self._cells[at] = found = forms_of(column, row)
            self._look(at, column, found[0], row)
        if self._style.width is None:
            text = _CELL.join([cell[0] for cell in self._cells])
        else:
            text = _FORM.join(map(_CELL.join, zip(*self._cells, strict=True)))
        self._file.write((text if self._style.unicode else as_ascii(text)) + "\n")

    def _look(self, at: int, column: Column, cell: str, row: Cells) -> None:
        """Keep a row that decides how a column lies."""
        most = self._most
        if 2 * len(cell) > most.get(("cell", at), -1):
            self._decide("cell", at, cells(cell), row)
        if column.form in LEFT and 2 * len(cell) > most.get(("word", at), -1):
            self._decide("word", at, max(map(cells, cell.split()), default=0), row)
        if column.short:
            value = row.get(column.name)
            is_mixed = isinstance(value, tuple) and any(each != value[0] for each in value)
            self._decide("mixed", at, int(is_mixed), row)

    def close(self) -> None:
        """Let go of the temporary file."""
        self._file.close()

    def _decide(self, what: str, at: int, size: int, row: Cells) -> None:
        """Keep a row if it has more of something in a column than all before it."""
        if size > self._most.get((what, at), -1):
            self._most[what, at] = size
            self._decisive[what, at] = row

    def lines(self) -> Iterator[str]:
        """Yield the lines of the table, with what stands above and below the rows."""
        shown = self._shown
        decisive = [*{id(row): row for row in self._decisive.values()}.values()]
        layout, style = lay_out_listing(shown, decisive, self._style)
        bare = layout._replace(body=[], feet=[], left_out=())
        if shown.above:
            yield from draw_layout(shown._replace(below=()), bare._replace(widths=[]), style)
            yield ""
        heads = draw_layout(shown._replace(above=(), below=()), bare, style)
        yield from heads
        yield from self._body(layout, style, len(heads))
        ends, number = layout._replace(body=[]), self._most["cell", 0]
        below = draw_layout(shown._replace(above=()), ends, style, number)
        yield from below[len(heads) :]

    def _body(self, layout: Layout, style: Style, heads: int) -> Iterator[str]:
        """Yield the lines of the rows: ours, where each has its own; else those of rich."""
        sides = [column.form in LEFT for column in layout.columns]
        is_even = layout.widths and all(
            self._most["cell", at] <= width
            for at, width, is_left in zip(layout.kept, layout.widths, sides, strict=True)
            if is_left
        )
        rows = self._rows(layout)
        if is_even:
            gap = " " * layout.gap
            for row in rows:
                yield gap.join(map(_padded, row, layout.widths, sides)).rstrip()
            return
        number = self._most["cell", 0]
        shown = self._shown._replace(above=(), below=())
        bare = layout._replace(feet=[], left_out=())
        while chunk := [*islice(rows, CHUNK)]:
            yield from draw_layout(shown, bare._replace(body=chunk), style, number)[heads:]

    def _rows(self, layout: Layout) -> Iterator[list[str]]:
        """Yield the cells of the rows in the form, and of the columns, of a layout."""
        self._file.seek(0)
        for line in self._file:
            found = line.rstrip("\n").split(_FORM)[layout.form].split(_CELL)
            yield [found[at] for at in layout.kept]


def _padded(cell: str, width: int, is_left: bool) -> str:
    """Return a cell with spaces to its width."""
    if cell.isascii():
        return cell.ljust(width) if is_left else cell.rjust(width)
    space = " " * (width - cells(cell))
    return cell + space if is_left else space + cell
