"""Tables and cards for people. The only importer of rich; it returns text, and prints nothing.

`width` is the room there is, in cells; None where there is no terminal, and everything takes
its natural width. Where there is too little room a table becomes a list: no digit is cut.
"""

from __future__ import annotations

import sys
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.comparing import compare, remarks
from cnncalc.language import _
from cnncalc.network import JOINS, Join, Reference
from cnncalc.problem import cells
from cnncalc.quantities import QUANTITIES, SUMMED, Quantity, counted, text
from cnncalc.working import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from cnncalc.export import View
    from cnncalc.folding import Folded
    from cnncalc.layers import Measure
    from cnncalc.network import Layer
    from cnncalc.report import Report
    from cnncalc.trace import Place, Row


_Line: TypeAlias = tuple[str, str, list[str]]
"""A name, a value and its working, a line each."""


T = TypeVar("T")


class Style(NamedTuple):
    """How a table is drawn: the room there is, colours, and signs beyond ASCII."""

    width: int | None
    color: bool
    unicode: bool


GAP = 2  # cells between columns
NATURAL = 1000  # wider than any table of ours


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
        legacy_windows=False,
    )
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, str) and style.width is None)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n"))


# ---------------------------------------------------------------- the table of a network


def draw_table(view: View, style: Style) -> str:
    """Return the rows of a network, its totals, and a line that says what is counted."""
    report, rows, columns = view.report, view.rows, view.columns
    heads = view.headings
    body = [
        [str(row.index), layer, *_cells(report, columns, [report.value(c, row) for c in columns])]
        if row
        else ["", layer, *("" for _ in columns)]
        for row, layer in _lines(rows, style)
    ]
    feet = _totals(view)
    gap = GAP
    widths, spare = _widths(heads, [*body, *feet], gap, style)
    if spare < 0:
        heads = [words.replace(" ", "\n") for words in heads]
        widths, spare = _widths(heads, [*body, *feet], gap, style)
    if spare < 0:
        gap = 1
        widths, spare = _widths(heads, [*body, *feet], gap, style)
    if spare < 0 and widths[1] + spare < 12:
        return _draw([_list(columns, body, feet, style), *_footer(view)], style)
    if spare < 0:
        widths[1] += spare
    table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style="bold")
    for index, words in enumerate(heads):
        table.add_column(
            words,
            justify="left" if index == 1 else "right",
            width=widths[index],
            no_wrap=index != 1,
            overflow="fold",
        )
    for line in body:
        table.add_row(*(Text(cell) for cell in line))
    rule = "\u2500" if style.unicode else "-"
    table.add_row(*(Text(rule * width, "dim") for width in widths))
    for line in feet:
        table.add_row(*(Text(cell, "bold") for cell in line))
    return _draw([table, *_footer(view)], style)


def _widths(
    heads: Sequence[str], lines: Sequence[Sequence[str]], gap: int, style: Style
) -> tuple[list[int], int]:
    """Return the natural widths of columns, and the room that is left beside them."""
    widths = [
        max(*(cells(word) for word in heads[i].split("\n")), *(cells(line[i]) for line in lines))
        for i in range(len(heads))
    ]
    return widths, (style.width or NATURAL) - sum(widths) - gap * (len(widths) - 1)


def draw_totals(report: Report, style: Style) -> str:
    """Return the totals of a network alone."""
    first = report.channels_first
    lines: list[_Line] = [
        ("input", text(QUANTITIES["output"], report.input, channels_first=first), [])
    ]
    for quantity in QUANTITIES.values():
        if not quantity.card and quantity.name != "activations":
            continue
        value = report.totals[quantity.name]
        shown = text(quantity, value, channels_first=first, commas=True)
        said = _split(report) if quantity.name == "params" and report.biases else ""
        lines.append((quantity.heading, shown, [said] if said else []))
    parts = _grid(lines, style)
    if any(report.aux.values()):
        parts += ["", _auxiliary(report)]
    return _draw([*parts, "", counted(QUANTITIES.values(), report)], style)


def _cells(report: Report, columns: Sequence[Quantity], values: Sequence[object]) -> list[str]:
    return [
        text(column, value, channels_first=report.channels_first, commas=True)
        for column, value in zip(columns, values, strict=True)
    ]


def _totals(view: View) -> list[list[str]]:
    """Return the line of totals, and one of the auxiliary classifiers where there are any."""
    report, columns = view.report, view.columns
    name = view.whole.layer if view.whole else "total"
    lines = [["", name, *_cells(report, columns, [view.total(column) for column in columns])]]
    if any(report.aux.values()) and not view.whole:
        values = [report.aux.get(column.name) for column in columns]
        lines.append(["", "auxiliary", *_cells(report, columns, values)])
    return lines


def _footer(view: View) -> list[str]:
    """Return the lines below a table."""
    report, columns = view.report, view.columns
    lines = [""]
    if view.whole:
        lines.append("The rows of a part; percent are of the network.")
    elif report.biases and any(column.name == "params" for column in columns):
        lines.append(f"Params: {_split(report)}.")
    if any(report.aux.values()) and not view.whole:
        lines.append("Auxiliary classifiers are not in the total.")
    return [*lines, counted(columns, report)]


def _split(report: Report) -> str:
    return f"{report.weights:,} weights + {report.biases:,} biases"


def _auxiliary(report: Report) -> str:
    parts = (f"{report.aux[each.name]:,} {each.heading}" for each in SUMMED)
    return f"Auxiliary classifiers, not in these: {', '.join(parts)}."


def _list(
    columns: Sequence[Quantity],
    body: list[list[str]],
    feet: list[list[str]],
    style: Style,
) -> Text:
    """Return the rows as a list: what a row is, then its numbers, as many as fit on a line."""
    width = style.width or NATURAL
    number = max(len(line[0]) for line in body)
    out = Text()
    for line in [*body, *feet]:
        out.append(f"{line[0]:>{number}}  {line[1]}\n", "bold" if not line[0] else "")
        if not any(line[2:]):
            continue
        indent = " " * (number + 4)
        said = ""
        for column, cell in zip(columns, line[2:], strict=True):
            if not cell:
                continue
            more = f"{column.heading} {cell}"
            if said and len(indent) + len(said) + 2 + len(more) > width:
                out.append(f"{indent}{said}\n")
                said = ""
            said += f", {more}" if said else more
        out.append(f"{indent}{said}\n")
    out.rstrip()
    return out


_SIGNS = {
    True: ("\u250c ", "\u251c ", "\u2502 ", "\u2514 ", "\u250a "),
    False: ("/ ", "+ ", "| ", "\\ ", ": "),
}


def _lines(rows: Sequence[Row | Folded], style: Style) -> Iterator[tuple[Row | Folded | None, str]]:
    """Yield the rows with their layers, each indented in its branch, its repeat, or its label.

    The first row of a join's first branch, of its later branches, and of its result are marked
    with a corner, a fork and a corner, so that one can see where paths split and merge. A label
    of several rows stands above them, in a line without a row.
    """
    corner, fork, bar, close, side = _SIGNS[style.unicode]
    before: tuple[Place, ...] = ()
    for row in rows:
        marks = ""
        new = False
        labelled = False
        for depth, place in enumerate(row.places):
            new = new or depth >= len(before) or before[depth] != place
            if place.how == "aux":
                marks += side
            elif place.how == "repeat" and place.of > 1 and not labelled:
                marks += "  "
            elif place.how == "branch":
                marks += bar if not new else corner if place.number == 1 else fork
            elif place.how == "fold" and place.label:
                if new:
                    yield None, f"{marks}{place.label}:"
                    marks = marks.replace(corner, bar).replace(fork, bar)
                marks += "  "
            labelled = place.how == "fold" and place.label is not None
        if row.kind in ("concat", "add", "mul"):
            marks += close
        before = row.places
        known = any(place.label == row.label for place in row.places)
        label = f"{row.label}: " if row.label and not known else ""
        yield row, f"{marks}{label}{row.layer}"


# ---------------------------------------------------------------- the card of a layer


def draw_card(report: Report, row: Row, style: Style) -> str:
    """Return one layer, each quantity with its arithmetic in the user's own numbers."""
    says, measure = _described(row)
    first = report.channels_first
    lines: list[_Line] = [
        ("input", text(QUANTITIES["output"], row.input, channels_first=first), [])
    ]
    for quantity in QUANTITIES.values():
        if quantity.card and quantity.working:
            value = text(quantity, quantity.of(row), channels_first=first, commas=True)
            lines.append((quantity.heading, value, quantity.working(measure, row)))
    head = Text(row.layer, "bold")
    parts: list[RenderableType] = []
    if style.width and cells(row.layer) + cells(says) + 3 > style.width:
        parts += [head, says]
    else:
        parts.append(Text.assemble(head, "   ", says))
    return _draw([*parts, "", *_grid(lines, style), *_closing(report)], style)


def _described(row: Row) -> tuple[str, Measure]:
    """Return what a row is, in words, and its measure, with its arithmetic where it has any."""
    node = row.node
    if node is None:
        return "what comes in", row.measure
    if isinstance(node, Reference):
        return f"goes on from the output of row {row.inputs[0]}", row.measure
    if isinstance(node, Join):
        rows = ", ".join(str(index) for index in row.inputs)
        return f"{_(JOINS[node.how])}: rows {rows}", row.measure
    describe = node.kind.describe
    says = describe(row.input, *node.values) if describe else _(node.kind.says)
    return says, shown_measure(node, row.input)


def _closing(report: Report) -> list[str]:
    line = counted([QUANTITIES["params"], QUANTITIES["macs"]], report)
    return ["", line] if line else []


def shown_measure(layer: Layer, volume: tuple[int, ...]) -> Measure:
    """Return a layer's measure made with numbers that show their arithmetic."""
    return layer.kind.measure(spoken(volume), *(spoken(value) for value in layer.values))


def _grid(lines: Sequence[_Line], style: Style) -> list[RenderableType]:
    """Return names, values and their working in three columns; stacked where there is no room."""
    names = max(cells(name) for name, _, _ in lines)
    values = max(cells(value) for _, value, _ in lines)
    rest = (style.width or NATURAL) - names - values - 3 * GAP
    if rest < 24:
        out = Text()
        for name, value, working in lines:
            out.append(f"  {name}: ").append(value, "bold").append("\n")
            for step in working:
                out.append(f"    {step}\n", "dim")
        out.rstrip()
        return [out]
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
                Text(step, "dim"),
            )
    return [grid]


# ---------------------------------------------------------------- networks side by side


def draw_comparison(names: Sequence[str], reports: Sequence[Report], style: Style) -> str:
    """Return networks side by side: each a column, then its ratio to the first."""
    lines = compare(reports)
    count = len(reports)
    head = ["", *(str(number) for number in range(1, count + 1))]
    head += [f"{number} / 1" for number in range(2, count + 1)]
    body = []
    for line in lines:
        first = reports[0].channels_first
        cells_ = [
            text(line.quantity, value, channels_first=first, commas=True)
            + (" *" if number in line.smallest else "  ")
            for number, value in enumerate(line.values)
        ]
        ratios = [
            "same" if value == line.values[0] else "" if ratio is None else f"{ratio:.2f}"
            for value, ratio in zip(line.values[1:], line.ratios[1:], strict=True)
        ]
        body.append([line.quantity.heading, *cells_, *ratios])
    widths = [max(cells(row[i]) for row in [head, *body]) for i in range(len(head))]
    parts: list[RenderableType] = [f"{number}  {name}" for number, name in enumerate(names, 1)]
    parts.append("")
    if style.width and sum(widths) + GAP * (len(widths) - 1) > style.width:
        out = Text()
        for row in body:
            out.append(f"{row[0]}\n", "bold")
            for number, cell in enumerate(row[1 : count + 1], 1):
                ratio = f"  ({row[count + number - 1]})" if number > 1 else ""
                out.append(f"  {number}  {cell.rstrip()}{ratio if ratio != '  ()' else ''}\n")
        out.rstrip()
        parts.append(out)
    else:
        table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
        for index, words in enumerate(head):
            said = f"{words}  " if 0 < index <= count else words
            table.add_column(said, justify="right" if index else "left", no_wrap=True)
        for row in body:
            table.add_row(*(Text(cell) for cell in row))
        parts.append(table)
    parts += ["", " ".join(["* the smallest.", *remarks(reports)])]
    columns = [line.quantity for line in lines]
    parts.append(counted(columns, max(reports, key=lambda report: report.biases)))
    return _draw(parts, style)


# ---------------------------------------------------------------- other tables


def draw_columns(
    heads: Sequence[str],
    body: Sequence[Sequence[str]],
    style: Style,
    right: frozenset[int] = frozenset(),
) -> str:
    """Return a plain table of text, some columns to the `right`; text folds where it must."""
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
    for index, head in enumerate(heads):
        table.add_column(
            head,
            no_wrap=index == 0,
            overflow="fold",
            justify="right" if index in right else "left",
        )
    for line in body:
        table.add_row(*(Text(cell) for cell in line))
    return _draw([table], style)


def track(items: Sequence[T], words: str) -> Iterator[T]:
    """Yield items, with their progress on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.progress import track as progress

    yield from progress(items, words, console=Console(stderr=True), transient=True)
