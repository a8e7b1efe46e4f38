"""How rows lie under columns where there is so much room: headings, gaps, what is left out.

Widths are in cells. No digit is cut and no word is broken: where there is too little room,
headings become short, gaps close, columns are left out that nobody asked for, the last first, and
only then texts are folded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.report.listing import share_bar, text, texts
from cnncalc.speech.lines import cells
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.report.listing import Listing
    from cnncalc.speech.columns import Cells, Column

GAP = 2  # between columns
PALE = "bright_black"  # the look of what stands back
BAR = 6  # of the longest bar, where there is no room for more
LEAST = 12  # of a text that is folded
EASY = 24  # of a text that is read as prose

_ASCII = str.maketrans("\u250c\u251c\u2502\u2514\u250a", "/+|\\:")


class Style(NamedTuple):
    """How a table is drawn: the room there is, colours, and signs beyond ASCII.

    On a page that `grows`, a table may be wider; prose is not.
    """

    width: int | None
    color: bool
    unicode: bool
    grows: bool = False


class Layout(NamedTuple):
    """Columns with the cells and the widths that they have; no widths: there is room for a list.

    What is `left_out` has no room. Shown are the columns at the `kept` places, with cells of a
    `form`: as they are, with what axes share once, or short besides.
    """

    columns: Sequence[Column]
    heads: list[str]
    body: list[list[str]]
    feet: list[list[str]]
    widths: list[int]
    gap: int
    left_out: Sequence[Column]
    kept: Sequence[int] = ()
    form: int = 0


def lay_out(
    columns: Sequence[Column],
    rows: Sequence[Cells],
    feet: Sequence[Cells],
    width: int | None,
    *,
    unicode: bool,
) -> Layout:
    """Return how rows lie under columns."""
    body = [texts(columns, row, commas=True) for row in rows]
    below = [texts(columns, row, commas=True) for row in feet]
    _draw_bars(columns, rows, body, BAR, unicode=unicode)
    heads = [column.heading for column in columns]
    full = _Columns(columns, heads, [*body, *below])
    for index, (kept, found, gap) in enumerate(_tries(full, [*rows, *feet])):
        how, form = found
        widths = [form.widths[place] for place in kept]
        room = _room(widths, gap, width)
        if room < 0 and index == 0:
            room = form.narrow(kept, widths, room, EASY, ("text",))
        if room >= 0:
            break
    else:
        room = form.narrow(kept, widths, room, LEAST, ("text", "code", "names"))
        if room < 0:
            return Layout(columns, heads, body, below, [], GAP, (), range(len(columns)))
    bars = [place for place, each in enumerate(kept) if columns[each].form == "bar"]
    lines = form.lines
    if bars and room > 0 and width:
        longest = BAR + min(room // len(bars), 3 * BAR)
        _draw_bars(columns, rows, lines, longest, unicode=unicode)
        form = _Columns(columns, form.heads, lines)
        widths = [form.widths[place] for place in kept]
    taken = [[line[place] for place in kept] for line in lines]
    return Layout(
        [columns[place] for place in kept],
        [form.heads[place] for place in kept],
        taken[: len(body)],
        taken[len(body) :],
        widths,
        gap,
        [column for place, column in enumerate(columns) if place not in kept],
        kept,
        how,
    )


def lay_out_listing(shown: Listing, rows: Sequence[Cells], style: Style) -> tuple[Layout, Style]:
    """Return how rows lie where there is so much room, and how they are drawn there."""
    columns, feet, width = shown.columns, shown.feet, style.width
    if style.grows and width:
        widths = lay_out(columns, rows, feet, None, unicode=style.unicode).widths
        width = max(width, sum(widths) + GAP * (len(widths) - 1))
        style = style._replace(width=width)
    return lay_out(columns, rows, feet, width, unicode=style.unicode), style


class _Columns:
    """Headings and cells of all columns, and the widths that they take."""

    def __init__(self, columns: Sequence[Column], heads: list[str], lines: list[list[str]]) -> None:
        self.columns, self.heads, self.lines = columns, heads, lines
        self.widths = [
            max([*map(cells, head.split("\n")), *(cells(line[place]) for line in lines)])
            for place, head in enumerate(heads)
        ]

    def narrow(
        self, kept: Sequence[int], widths: list[int], room: int, least: int, forms: Sequence[str]
    ) -> int:
        """Take the room that lacks from the widest columns of some forms, their words left whole.

        No column has less than `least` cells. Return the room that is left, or still lacks.
        """
        floors = {
            place: max([least, *(cells(word) for word in self._words(each))])
            for place, each in enumerate(kept)
            if self.columns[each].form in forms
        }
        while room < 0:
            wide = [place for place, floor in floors.items() if widths[place] > floor]
            if not wide:
                break
            widest = max(wide, key=widths.__getitem__)
            next_to = max((widths[place] for place in wide if place != widest), default=0)
            down = max(widths[widest] + room, floors[widest], min(next_to, widths[widest] - 1))
            room += widths[widest] - down
            widths[widest] = down
        return room

    def _words(self, place: int) -> Iterator[str]:
        yield from self.heads[place].split()
        for line in self.lines:
            yield from line[place].split()


def _room(widths: Sequence[int], gap: int, width: int | None) -> int:
    """Return the room that is left beside columns; what lacks is less than 0."""
    return 0 if width is None else width - sum(widths) - gap * (len(widths) - 1)


def _tries(
    full: _Columns, rows: Sequence[Cells]
) -> Iterator[tuple[list[int], tuple[int, _Columns], int]]:
    """Yield which columns there may be, with which headings and gap: what says most first."""
    kept = list(range(len(full.columns)))
    free = [place for place in kept if full.columns[place].is_free]
    yield kept, (0, full), GAP
    headed = _shortened(full, rows)
    short = _Columns(full.columns, headed.heads, list(_short_cells(headed, rows)))
    while True:
        yield kept, (0, full), GAP
        for form in ((1, headed), (2, short)):
            for gap in (GAP, 1):
                yield kept, form, gap
        if len(free) < 2:
            return
        last = free.pop()
        kept = [place for place in kept if place != last]


def _shortened(full: _Columns, rows: Sequence[Cells]) -> _Columns:
    """Return columns with short headings, or with headings that break at spaces.

    Under a short heading what all axes share stands once.
    """
    heads = []
    lines = [list(line) for line in full.lines]
    for place, column in enumerate(full.columns):
        if column.short:
            heads.append(column.short)
            values = [row.get(column.name) for row in rows]
            if all(map(_is_alike, values)):
                for line, value in zip(lines, values, strict=True):
                    if isinstance(value, tuple):
                        line[place] = texts([column], {column.name: value[:1]}, commas=True)[0]
        elif column.beside or column.heading.endswith(" "):
            heads.append(column.heading)
        else:
            heads.append(column.heading.replace(" ", "\n"))
    return _Columns(full.columns, heads, lines)


def _short_cells(full: _Columns, rows: Sequence[Cells]) -> Iterator[list[str]]:
    """Yield cells, with their short texts where they have some."""
    names = [f"{column.name}-short" for column in full.columns]
    for line, row in zip(full.lines, rows, strict=True):
        yield [row.get(name, cell) for name, cell in zip(names, line, strict=True)]


def _is_alike(value: Any) -> bool:
    """Return whether a value is the same along all axes."""
    return not isinstance(value, tuple) or all(each == value[0] for each in value)


def _draw_bars(
    columns: Sequence[Column],
    rows: Sequence[Cells],
    body: list[list[str]],
    width: int,
    *,
    unicode: bool,
) -> None:
    """Put bars of a width into cells; where there are signs of ASCII alone, put those."""
    for place, column in enumerate(columns):
        for line, row in zip(body, rows, strict=False):
            value = row.get(column.name)
            if column.form == "bar" and isinstance(value, tuple):
                percent, part, most = value
                line[place] = share_bar(percent, part, most, width, has_eighths=unicode)
            elif not unicode:
                line[place] = as_ascii(line[place])


def as_ascii(cell: str) -> str:
    """Return a cell with what draws branches in signs of ASCII."""
    return cell.translate(_ASCII)


def forms_of(column: Column, row: Cells) -> tuple[str, str, str]:
    """Return a cell of a row in each form that a layout can take, where all axes are alike.

    >>> from cnncalc.speech.columns import Column
    >>> forms_of(Column("rf", "receptive field", "axes", short="field"), {"rf": (7, 7)})
    ('7x7', '7', '7')
    """
    value = row.get(column.name)
    full = headed = text(column.form, value, commas=True)
    if column.short and isinstance(value, tuple):
        headed = text(column.form, value[:1], commas=True)
    return full, headed, row.get(f"{column.name}-short", headed)


def padded(cell: str, width: int, is_left: bool) -> str:
    """Return a cell with spaces to its width; on the right it ends with none."""
    cell = cell if is_left else cell.rstrip(" ")
    space = " " * (width - cells(cell))
    return cell + space if is_left else space + cell
