"""Tables and cards for people. The only importer of rich; it returns text, and prints nothing.

`width` is the room there is, in cells; None where there is no terminal, and everything takes
its natural width. Where there is too little room a table becomes a list: no digit is cut.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.notation.tree import JOINS, Join, Reference
from cnncalc.output.layout import GAP, lay_out
from cnncalc.report.captions import counted, plain_heading, split
from cnncalc.report.listing import LEFT, bar
from cnncalc.report.quantities import (
    BYTES,
    HELD,
    QUANTITIES,
    SUMMED,
    arithmetic,
    memory_working,
    text,
)
from cnncalc.report.view import COSTS
from cnncalc.speech.language import _
from cnncalc.speech.lines import cells, wrap
from cnncalc.trace.memory import written
from cnncalc.trace.rows import shown_row
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType
    from rich.progress import Progress

    from cnncalc.output.layout import Layout
    from cnncalc.report.listing import Listing
    from cnncalc.report.quantities import Quantity
    from cnncalc.report.report import Report
    from cnncalc.trace.memory import Fit, Pass
    from cnncalc.trace.rows import Row


Line: TypeAlias = tuple[str, str, list[str]]
"""A name, a value and its working, a line each."""


class Style(NamedTuple):
    """How a table is drawn: the room there is, colours, and signs beyond ASCII.

    On a page that `grows`, a table may be wider; prose is not.
    """

    width: int | None
    color: bool
    unicode: bool
    grows: bool = False


LEAST_BAR = 10  # cells for the longest bar of a curve
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
    shown = listing.for_people()
    columns, rows, feet = shown.columns, list(shown.rows), shown.feet
    width = style.width
    if style.grows and width:
        widths = lay_out(columns, rows, feet, None, unicode=style.unicode).widths
        width = max(width, sum(widths) + GAP * (len(widths) - 1))
        style = style._replace(width=width)
    layout = lay_out(columns, rows, feet, width, unicode=style.unicode)
    parts: list[RenderableType] = [*shown.above, *([""] if shown.above else [])]
    parts += [_table(layout, style)] if layout.widths else _list(layout, style)
    below = shown.lines_below({each.name for each in layout.columns})
    if layout.left_out:
        names = ", ".join(each.heading for each in layout.left_out)
        below.insert(0, _("No room for {names}.", names=names))
    return _draw([*parts, *([""] if below else []), *below], style)


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


def draw_totals(report: Report, style: Style) -> str:
    """Return the totals of a network alone."""
    first = report.settings.channels_first
    lines: list[Line] = [
        (_("input"), text(QUANTITIES["output"], report.input, channels_first=first), [])
    ]
    shown = [each for each in QUANTITIES.values() if each.card or each.name in HELD]
    for quantity in shown:
        value = report.total(quantity.name)
        said = [split(report)] if quantity.name == "params" and report.total("biases") else []
        if quantity.worked and value is not None:
            at = report.whole.fullest if quantity.name == "peak" else None
            said = [memory_working(quantity.name, report.whole)]
            said[0] += "" if at is None else _(", at row {row}", row=at)
        value = text(quantity, value, channels_first=first, commas=True)
        value += "" if report.is_whole or quantity.name not in COSTS else "+"
        lines.append((_(quantity.heading), value, said))
    parts = _grid(lines, style)
    if any(report.aux.values()):
        parts += ["", _auxiliary(report)]
    return _draw([*parts, "", counted(shown, report)], style)


def _auxiliary(report: Report) -> str:
    named = [each for each in SUMMED if each.path and each.name not in BYTES]
    parts = (f"{report.aux[each.name]:,} {_(each.heading)}" for each in named)
    return _("Auxiliary classifiers, not in these: {sums}.", sums=", ".join(parts))


def _list(layout: Layout, style: Style) -> Iterator[Text]:
    """Yield the rows as a list: what a row is, then its numbers, as many as fit on a line.

    Cells that stand beside others have a line of their own with them.
    """
    columns, body = layout.columns, layout.body
    named = 2 if columns[0].form == "number" else 1
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


# ---------------------------------------------------------------- the card of a layer


_MEMORY = ("activations", "memory", "params-memory", "peak")
"""What a card says of memory, where it is asked for."""


def draw_card(report: Report, row: Row, style: Style, *, memory: bool = False) -> str:
    """Return one layer, each quantity with its arithmetic in the user's own numbers."""
    says = _described(row)
    worked = shown_row(row)
    first = report.settings.channels_first
    lines: list[Line] = [
        (_("input"), text(QUANTITIES["output"], row.input, channels_first=first), [])
    ]
    names = _MEMORY if memory else ()
    shown = [each for each in QUANTITIES.values() if each.card or each.name in names]
    for quantity in shown:
        value = text(quantity, quantity.of(row), channels_first=first, commas=True)
        lines.append((_(quantity.heading), value, arithmetic(quantity, worked)))
    return draw_facts(row.layer, says, lines, style, _closing(report, shown))


def draw_facts(
    name: str, says: str, lines: Sequence[Line], style: Style, below: Sequence[str] = ()
) -> str:
    """Return what a thing is, its facts with their working, and what is said below them."""
    head = Text(name, "bold")
    parts: list[RenderableType] = []
    if style.width and cells(name) + cells(says) + 3 > style.width:
        parts += [head, says]
    else:
        parts.append(Text.assemble(head, "   ", says))
    return _draw([*parts, "", *_grid(lines, style), *below], style)


def _described(row: Row) -> str:
    """Return what a row is, in words."""
    node = row.node
    if node is None:
        return _("what comes in")
    if isinstance(node, Reference):
        return _("goes on from the output of row {row}", row=row.inputs[0])
    if isinstance(node, Join) and node.layer:
        return _(node.layer.kind.says)
    if isinstance(node, Join):
        rows = ", ".join(str(index) for index in row.inputs)
        return _("{what}: rows {rows}", what=_(JOINS[node.how]), rows=rows)
    return node.kind.describe(row.input, *node.values)


def _closing(report: Report, columns: Sequence[Quantity]) -> list[str]:
    line = counted(columns, report)
    return ["", line] if line else []


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


def draw_grid(lines: Sequence[Line], below: Sequence[str], style: Style) -> str:
    """Return names, numbers and what is in them, a line each, and lines below."""
    return _draw([*_grid(lines, style), "", *below], style)


# ---------------------------------------------------------------- what fits


def draw_fits(budget: int, forward: Pass, found: Sequence[Fit], style: Style) -> str:
    """Return the largest batches that fit into so many bytes, each with its working."""
    lines: list[Line] = []
    for each in found:
        name = plain_heading(QUANTITIES[each.use]) if each.use in QUANTITIES else _("inference")
        lines.append((name, f"{each.batch:,}" if each.batch else _("none"), [f"{each.working}"]))
    size = written(budget)
    if budget >= 1000:
        size = _("{count:,} bytes = {size}", count=budget, size=size)
    width = _("bytes of {dtype}, {width} a value", dtype=forward.dtype, width=forward.width)
    closing = " ".join(
        (
            _(
                "Inference holds the parameters once, and the peak for each input; training holds "
                "the parameters with gradients and states, and the activations of each input twice."
            ),
            _("Counted: {what}.", what=width),
        )
    )
    head = _("The largest batch in {size}", size=size)
    return _draw([head, "", *_grid(lines, style), "", closing], style)


# ---------------------------------------------------------------- as a picture


def picture(text: str, name: str) -> str:
    """Return a drawing, with its colours, as an SVG picture or a page of HTML."""
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
    if name == "html":
        return console.export_html(inline_styles=True)
    return console.export_svg(title="cnncalc")


def _filled(drawn: Text) -> Text:
    """Return a drawing with its full blocks as coloured ground, which has no gaps as glyphs do."""
    for run in re.finditer("\u2588+", drawn.plain):
        drawn.stylize("reverse", *run.span())
    drawn.plain = drawn.plain.replace("\u2588", " ")
    return drawn


# ---------------------------------------------------------------- as the work goes on


def draw_curve(
    heads: Sequence[str],
    lines: Sequence[tuple[list[str], int | None]],
    most: int,
    style: Style,
) -> str:
    """Return a table of points, each with a bar of its value; None for a row that has a fault.

    `most` is the value of the longest bar. Plain text: a curve may have a hundred thousand
    points. Where there is no room beside the columns a point becomes a list, its bar below.
    """
    whole = [line for line, value in lines if value is not None]
    widths = [max(cells(row[i]) for row in [heads, *whole]) for i in range(len(heads))]
    room = (style.width or 80) - sum(widths) - GAP * len(widths)
    gap = " " * GAP
    out = []
    if room >= LEAST_BAR:
        out.append(gap.join(map(_right, heads, widths)))
        for line, value in lines:
            if value is None:
                out.append(f"{_right(line[0], widths[0])}{gap}{line[1]}")
                continue
            row = gap.join(map(_right, line, widths))
            out.append(f"{row}{gap}{bar(value, most, room, has_eighths=style.unicode)}".rstrip())
        return "\n".join(out)
    for line, value in lines:
        out.append(f"{heads[0]} {line[0]}")
        if value is None:
            out.append(f"  {line[1]}")
            continue
        out += [f"  {head} {cell}" for head, cell in zip(heads[1:], line[1:], strict=True)]
        out.append(
            f"  {bar(value, most, (style.width or 80) - 2, has_eighths=style.unicode)}".rstrip()
        )
    return "\n".join(out)


def _right(text: str, width: int) -> str:
    """Return a text at the right of so many cells."""
    return " " * (width - cells(text)) + text


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
