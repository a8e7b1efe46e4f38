"""A table of many rows: the look of a short one, in memory that does not grow with the rows.

Its cells are written to a temporary file while it is learned which are the widest: laid out are
these alone, as all of them would be.
"""

from __future__ import annotations

from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from cnncalc.output.layout import as_ascii, forms_of, lay_out_listing, padded
from cnncalc.output.patterns import escape
from cnncalc.report.listing import LEFT, Shared, text
from cnncalc.speech.lines import cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.output.layout import Layout, Style
    from cnncalc.report.listing import Listing
    from cnncalc.speech.columns import Cells, Column

    Draw = Callable[[Listing, Layout, Style, int | None], list[str]]

CHUNK = 300  # rows that rich draws at once, where texts are folded

_NEW = object()
_CELL, _FORM = "\x1f", "\x1e"  # stand between cells, and between forms of them: no text has them


class _Kept:
    """A column: its cell in the row before, in each form, and the halves of rows that decide.

    How it lies they do with the `widest` cell, the longest `word`, and the first that is `mixed`.
    """

    __slots__ = (
        *("_column", "_form", "_has_forms", "_is_left", "_value", "_word"),
        *("cells", "decisive", "mixed", "name", "widest"),
    )

    def __init__(self, column: Column, *, has_forms: bool) -> None:
        self._column, self._has_forms = column, has_forms
        self.name, self._form, self._is_left = column.name, column.form, column.form in LEFT
        self._value: Any = _NEW
        self.cells: tuple[str, ...] = ("",) * (3 if has_forms else 1)
        self.widest = self._word = -1
        self.mixed = -1 if column.short else 2
        self.decisive: dict[str, Cells] = {}

    def take(self, row: Cells) -> None:
        """Take the value of the next row; what is as before it has the same cell."""
        value, before = row.get(self.name), self._value
        if value is before or (value == before and type(value) in (int, tuple, str)):
            return
        self._value = value
        if self._has_forms:
            self.cells = forms_of(self._column, row)
        else:
            self.cells = (text(self._form, value, commas=True),)
        cell = self.cells[0]
        is_wide = len(cell) > self.widest or not cell.isascii()
        if is_wide and (size := cells(cell)) > self.widest:
            self.widest, self.decisive["cell"] = size, row
        if self._is_left and 2 * len(cell) > self._word:
            size = max(map(cells, cell.split()), default=0)
            if size > self._word:
                self._word, self.decisive["word"] = size, row
        if self.mixed < 1:
            mixed = int(isinstance(value, tuple) and len({*value}) > 1)
            if mixed > self.mixed:
                self.mixed, self.decisive["mixed"] = mixed, row


class LongTable:
    """The rows of a listing's table, added one after the other, and then its lines."""

    def __init__(self, shown: Listing, style: Style) -> None:
        self._shown, self._style = shown, style
        self._has_forms = style.width is not None
        self._columns = [_Kept(column, has_forms=self._has_forms) for column in shown.columns]
        self._patterns = Shared(self._pattern)
        self._file = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by `close`

    def _pattern(self, shared: Cells, own: Cells) -> tuple[str, list[_Kept]]:
        """Take what rows share; return the pattern of their cells, and the columns of their own."""
        forms = []
        for kept in self._columns:
            if kept.name in own:
                forms.append(("%s",) * len(kept.cells))
            else:
                kept.take(shared)
                forms.append(tuple(map(escape, kept.cells)))
        words = _FORM.join(map(_CELL.join, zip(*forms, strict=True)))
        return words, [kept for kept in self._columns if kept.name in own]

    def add(self, shared: Cells, own: Cells) -> None:
        """Take the next row: what it shares with rows before it has the same cells."""
        pattern, columns = self._patterns.of(shared, own)
        for kept in columns:
            kept.take(own)
        if self._has_forms:
            forms = zip(*[kept.cells for kept in columns], strict=True)
            cells = [cell for form in forms for cell in form]
        else:
            cells = [kept.cells[0] for kept in columns]
        words = pattern % tuple(cells)
        self._file.write((words if self._style.unicode else as_ascii(words)) + "\n")

    def close(self) -> None:
        """Let go of the temporary file."""
        self._file.close()

    def lines(self, draw: Draw) -> Iterator[str]:
        """Yield the lines of the table, with what stands above and below the rows.

        To `draw` gives the lines of a listing that is laid out, as `table.draw_layout` does.
        """
        shown = self._shown
        rows = (row for kept in self._columns for row in kept.decisive.values())
        decisive = [*{id(row): row for row in rows}.values()]
        layout, style = lay_out_listing(shown, decisive, self._style)
        bare = layout._replace(body=[], feet=[], left_out=())
        if shown.above:
            yield from draw(shown._replace(below=()), bare._replace(widths=[]), style, None)
            yield ""
        heads = draw(shown._replace(above=(), below=()), bare, style, None)
        yield from heads
        yield from self._body(layout, style, len(heads), draw)
        ends, number = layout._replace(body=[]), self._columns[0].widest
        below = draw(shown._replace(above=()), ends, style, number)
        yield from below[len(heads) :]

    def _body(self, layout: Layout, style: Style, heads: int, draw: Draw) -> Iterator[str]:
        """Yield the lines of the rows: ours, where each has its own; else those of rich."""
        sides = [column.form in LEFT for column in layout.columns]
        is_even = layout.widths and all(
            self._columns[at].widest <= width
            for at, width, is_left in zip(layout.kept, layout.widths, sides, strict=True)
            if is_left
        )
        rows = self._rows(layout)
        if is_even:
            gap = " " * layout.gap
            each = zip(layout.widths, sides, strict=True)
            form = gap.join([f"%{'-' if is_left else ''}{width}s" for width, is_left in each])
            for row in rows:
                line = form % tuple(row)
                if not line.isascii():
                    line = gap.join(map(padded, row, layout.widths, sides))
                yield line.rstrip()
            return
        number = self._columns[0].widest
        shown = self._shown._replace(above=(), below=())
        bare = layout._replace(feet=[], left_out=())
        while chunk := [*islice(rows, CHUNK)]:
            yield from draw(shown, bare._replace(body=chunk), style, number)[heads:]

    def _rows(self, layout: Layout) -> Iterator[list[str]]:
        """Yield the cells of the rows in the form, and of the columns, of a layout.

        A column whose axes are not alike everywhere has each of them, whatever the form.
        """
        self._file.seek(0)
        is_all = [*layout.kept] == [*range(len(self._columns))]
        mixed = [at for at, kept in enumerate(self._columns) if kept.mixed == 1 and layout.form]
        for line in self._file:
            forms = line[:-1].split(_FORM)
            found = forms[layout.form].split(_CELL)
            if mixed:
                full = forms[0].split(_CELL)
                for at in mixed:
                    found[at] = full[at]
            yield found if is_all else [found[at] for at in layout.kept]
