"""Tables for people. The only importer of rich; it returns text, and prints nothing.

`width` is the room there is, in cells; None where there is no terminal, and everything takes
its natural width. Where there is too little room a table becomes a list: no digit is cut.
"""

from __future__ import annotations

import re
from contextlib import closing
from io import StringIO
from itertools import chain, islice
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.output.layout import GAP, lay_out
from cnncalc.report.listing import FEW, LEFT
from cnncalc.speech.language import _
from cnncalc.speech.lines import cells, wrap
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import RenderableType
    from rich.progress import Progress

    from cnncalc.output.layout import Layout
    from cnncalc.output.parts import Card, Line
    from cnncalc.report.listing import Cells, Listing


class Style(NamedTuple):
    """How a table is drawn: the room there is, colours, and signs beyond ASCII.

    On a page that `grows`, a table may be wider; prose is not.
    """

    width: int | None
    color: bool
    unicode: bool
    grows: bool = False


NATURAL = 1000  # wider than any table of ours
HUE = "bright_blue"  # of bars
PALE = "bright_black"


def _draw(parts: Iterable[RenderableType], style: Style) -> str:
    """Return what rich makes of the parts, without spaces at the ends of lines."""
    out = StringIO()
    console = Console(
        file=out,
        width=style.width or NATURAL,
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        markup=False,
        highlight=False,
        emoji=False,
        _environ={},  # its own reading of COLUMNS
        legacy_windows=False,
        force_jupyter=False,  # a text that is returned, and not a display beside it
    )
    for part in parts:
        if isinstance(part, str):
            part = "\n".join(wrap(part, style.width))  # noqa: PLW2901
        console.print(part, soft_wrap=isinstance(part, str))
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n"))


# ---------------------------------------------------------------- rows under columns


def draw(listing: Listing, style: Style) -> str:
    """Return a listing as a table; as a list where there is no room for its columns."""
    return "\n".join(lines(listing, style))


def lines(
    listing: Listing,
    style: Style,
    tell: Callable[[int], object] = int,
    few: int | None = FEW,
) -> Iterator[str]:
    """Yield the lines of a listing's table; one of more than a few rows is not held, bars apart.

    All rows are looked at before the first line; `tell` is told how many were.
    """
    shown = listing.for_people()
    rows = iter(shown.rows)
    if any(column.form == "bar" for column in shown.columns):
        few = None
    first = list(islice(rows, few))
    rest = next(rows, None)
    if rest is None:
        layout, style = lay_out_listing(shown, first, style)
        yield from draw_layout(shown, layout, style)
        return
    from cnncalc.output.long_table import LongTable

    with closing(LongTable(shown, style)) as found:
        for count, row in enumerate(chain(first, [rest], rows), 1):
            found.add(row)
            tell(count)
        yield from found.lines()


def lay_out_listing(shown: Listing, rows: Sequence[Cells], style: Style) -> tuple[Layout, Style]:
    """Return how rows lie where there is so much room, and how they are drawn there."""
    columns, feet, width = shown.columns, shown.feet, style.width
    if style.grows and width:
        widths = lay_out(columns, rows, feet, None, unicode=style.unicode).widths
        width = max(width, sum(widths) + GAP * (len(widths) - 1))
        style = style._replace(width=width)
    return lay_out(columns, rows, feet, width, unicode=style.unicode), style


def draw_layout(
    shown: Listing, layout: Layout, style: Style, number: int | None = None
) -> list[str]:
    """Return the lines of rows as they are laid out, with what stands above and below them.

    `number` is how wide the names of rows in a list are, where these are not all.
    """
    parts: list[RenderableType] = [*shown.above, *([""] if shown.above else [])]
    parts += [_table(layout, style)] if layout.widths else _list(layout, style, number)
    below = shown.lines_below({each.name for each in layout.columns})
    if layout.left_out:
        names = ", ".join(each.heading for each in layout.left_out)
        below.insert(0, _("No room for {names}.", names=names))
    drawn = _draw([*parts, *([""] if below else []), *below], style)
    return drawn.split("\n") if drawn else []


def draw_lines(lines: Sequence[str], style: Style) -> str:
    """Return lines of text, folded where there is too little room."""
    return _draw(lines, style)


def _table(layout: Layout, style: Style) -> Table:
    """Return rows under columns, as they are laid out."""
    table = Table(box=None, padding=(0, layout.gap, 0, 0), pad_edge=False, header_style="bold")
    for column, words, width in zip(layout.columns, layout.heads, layout.widths, strict=True):
        table.add_column(
            words,
            justify="left" if column.form in LEFT else "right",
            width=width,
            no_wrap=column.form not in LEFT,
            overflow="fold",
        )
    for line in layout.body:
        row = [Text(cell) for cell in line]
        for column, cell in zip(layout.columns, row, strict=True):
            if column.form == "bar":
                cell.stylize(HUE, cell.plain.find("%") + 1)
        table.add_row(*row)
    if layout.feet:
        rule = "\u2500" if style.unicode else "-"
        table.add_row(*(Text(rule * width, PALE) for width in layout.widths))
    for line in layout.feet:
        table.add_row(*(Text(cell, "bold") for cell in line))
    return table


def _list(layout: Layout, style: Style, number: int | None = None) -> Iterator[Text]:
    """Yield the rows as a list: what a row is, then its numbers, as many as fit on a line.

    Cells that stand beside others have a line of their own with them.
    """
    columns, body = layout.columns, layout.body
    named = 2 if columns[0].form == "number" else 1
    if number is None:
        number = max((cells(line[0]) for line in body), default=0) if named == 2 else 0
    indent = " " * (number + 4 if named == 2 else 2)
    beside = {column.beside: index for index, column in enumerate(columns) if column.beside}
    for line in [*body, *layout.feet]:
        name = f"{line[0]:>{number}}  {line[1]}" if named == 2 else line[0]
        look = "bold" if line in layout.feet or beside else ""
        yield from (Text(each, look) for each in wrap(name, style.width, len(indent)))
        said = ""
        for column, cell in zip(columns[named:], line[named:], strict=True):
            if not cell or column.beside:
                continue
            more = f"{column.heading} {cell.strip()}".strip()
            if beside:
                ratio = line[beside[column.name]] if column.name in beside else ""
                more = (
                    f"{column.heading.rstrip()}  {cell.rstrip()}{f'  ({ratio})' if ratio else ''}"
                )
            long = len(indent) + cells(said) + 2 + cells(more)
            if said and (beside or long > (style.width or NATURAL)):
                yield from map(Text, wrap(f"{indent}{said}", style.width, len(indent)))
                said = ""
            said += f", {more}" if said else more
        if said:
            yield from map(Text, wrap(f"{indent}{said}", style.width, len(indent)))


# ---------------------------------------------------------------- facts, and their working


def draw_card(card: Card, style: Style) -> str:
    """Return what a thing is, its values with their working, and the lines around them."""
    head = Text(card.title, "bold")
    parts: list[RenderableType] = [*card.above]
    if style.width and cells(card.title) + cells(card.says) + 3 > style.width:
        parts += [head, card.says]
    elif card.title:
        parts.append(Text.assemble(head, "   ", card.says))
    below = ["", *card.below] if card.below else []
    return _draw([*parts, *([""] if parts else []), *_grid(card.lines, style), *below], style)


def _grid(lines: Sequence[Line], style: Style) -> list[RenderableType]:
    """Return names, values and their working in three columns; stacked where there is no room."""
    names = max(cells(name) for name, _, _ in lines)
    values = max(cells(value) for _, value, _ in lines)
    rest = (style.width or NATURAL) - names - values - 3 * GAP
    words = (word for _, _, working in lines for step in working for word in step.split())
    if rest < max([24, *map(cells, words)]):
        out: list[RenderableType] = []
        for name, value, working in lines:
            out.append(Text(f"  {name}: ").append(value.strip(), "bold"))
            steps = [line for step in working for line in wrap(f"    {step}", style.width, 4)]
            out += [Text(step, PALE) for step in steps]
        return out
    grid = Table.grid(padding=(0, GAP, 0, 0))
    grid.add_column(width=names + GAP)
    grid.add_column(width=values, no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value, working in lines:
        steps = working or [""]
        for step in steps:
            is_first = step is steps[0]
            grid.add_row(
                f"  {name}" if is_first else "",
                Text(value if is_first else "", "bold"),
                Text(step, PALE),
            )
    return [grid]


# ---------------------------------------------------------------- as a picture


def picture(text: str) -> str:
    """Return a drawing, with its colours, as an SVG picture."""
    drawn = _filled(Text.from_ansi(text))
    width = max((cells(line) for line in drawn.plain.split("\n")), default=1)
    console = Console(
        file=StringIO(),
        record=True,
        width=width + 1,
        force_terminal=True,
        legacy_windows=False,
        force_jupyter=False,
    )
    console.print(drawn, soft_wrap=True)
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME

    return console.export_svg(title="", theme=DEFAULT_TERMINAL_THEME, code_format=_PAPER)


_PAPER = """\
<svg class="rich-terminal" viewBox="0 32 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
<rect y="32" width="{width}" height="{height}" fill="#ffffff"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>"""
"""A picture of a terminal on white, with the fonts of its reader."""


def _filled(drawn: Text) -> Text:
    """Return a drawing with its full blocks as coloured ground, which has no gaps as glyphs do."""
    for run in re.finditer("\u2588+", drawn.plain):
        drawn.stylize("reverse", *run.span())
    drawn.plain = drawn.plain.replace("\u2588", " ")
    return drawn


# ---------------------------------------------------------------- as the work goes on


def progress(words: str) -> Progress:
    """Return a bar of progress on standard error, for `update(0, completed=...)` from 0 to 1."""
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(style=PALE, complete_style=HUE, finished_style=HUE),
        TextColumn("{task.percentage:>3.0f}%"),
    )
    shown = Progress(*columns, console=Console(stderr=True), transient=True)
    shown.add_task(words, total=1.0)
    shown.start()
    return shown
