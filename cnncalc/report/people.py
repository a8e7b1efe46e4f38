"""What people are shown of a report: branches drawn, totals below, and what was counted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.notation.tree import Layer
from cnncalc.report.asked import told
from cnncalc.report.captions import counted, plain_heading, roofline, split
from cnncalc.report.folds import cut
from cnncalc.report.listing import Listing, Rows, text
from cnncalc.report.quantities import LEAST
from cnncalc.speech.columns import Column
from cnncalc.speech.language import _
from cnncalc.speech.problem import plural
from cnncalc.trace.memory import written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from cnncalc.report.diagram import Vertex
    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report
    from cnncalc.report.view import View
    from cnncalc.speech.columns import Halves
    from cnncalc.trace.rows import Place, Row

MOST_NAME = 30  # characters of rows in one, where there is little room
CORNER, FORK, BAR, CLOSE, SIDE = "\u250c ", "\u251c ", "\u2502 ", "\u2514 ", "\u250a "
"""What stands before a row: the first of a first branch, of a later one, in one, a join, beside."""


def words_in(view: View, box: Vertex) -> list[str]:
    """Return the lines of a box: the layer, what goes out, and the other columns."""
    label = f"{box.label}: " if box.label else ""
    times = f" \u00d7{box.times}" if box.times > 1 else ""
    values = view.values(view.columns, box.row)
    return [
        f"{label}{box.row.layer}{times}",
        *(
            f"{'' if each.name == 'output' else f'{each.heading} '}{shown}"
            for each in view.columns
            if (shown := text(each.form, values[each.name], commas=True))
        ),
    ]


def drawn(view: View, columns: Sequence[Column]) -> Listing:
    """Return what people are shown: branches drawn, totals below, and what was counted."""
    report = view.report
    heads = (
        [Column("index", "rows", "number"), Column("layer", view.by)]
        if view.by
        else [Column("index", "#", "number"), Column("layer", "layer", "code")]
    )
    each_row = _DrawnRows(view)
    rows = [*each_row] if isinstance(view.rows, list | tuple) else each_row
    feet = [{"layer": view.whole.layer if view.whole else _("total"), **view.totals()}]
    has_aux = any(report.aux.values()) and not view.whole
    if has_aux:
        feet.append({"layer": _("auxiliary"), **report.aux})
    if not (view.whole or report.is_whole):
        feet[0] |= {name: f"{value:,}+" for name, value in feet[0].items() if name in LEAST}
    columns = [each._replace(is_free=each.name not in view.kept) for each in columns]
    said = []
    if view.chart and isinstance(rows, list):
        from cnncalc.report.charts import draw_bars, without_zeros

        columns = draw_bars(columns, rows, feet, report, view.of)
        kept = list(without_zeros(rows, [each for each in columns if each.form == "bar"]))
        if gone := sum("index" in row for row in rows) - sum("index" in row for row in kept):
            said.append(_("Not shown: {rows} with none of these.", rows=plural(gone, "row")))
        rows = kept
    drawn = [
        each._replace(heading=_(each.heading), short=each.short and _(each.short))
        for each in (*heads, *columns)
    ]
    return Listing(
        "rows", drawn, rows, feet=feet, below=lambda shown: [*said, *_below(view, shown)]
    )


class _DrawnRows(Rows):
    """The rows of a view as people are shown them, and the lines of labels above them."""

    def __init__(self, view: View) -> None:
        self._view = view

    def halves(self) -> Iterator[Halves]:
        """Yield what a row has as others have it, and its number, its field and the like."""
        view = self._view
        values = view.of_rows(view.columns)
        lines = _flat if view.order.quantity else _Lines().of

        def make(rows: Iterable[Row]) -> Iterator[Halves]:
            for row, layer in lines(rows):
                named = partial(_named, row, layer)
                yield values.halves(row, (layer,), named) if row else (named(), {})

        yield from values.of(make)


def _named(row: Row | None, layer: str) -> dict[str, Any]:
    """Return what a row goes by: its layer, and where it is several a name that is not long."""
    is_several = row and row.several
    return {"layer": layer, **({"layer-short": cut(layer, MOST_NAME)} if is_several else {})}


def _below(view: View, shown: Collection[str]) -> Iterator[str]:
    """Yield what is said below a table of the columns that are shown."""
    report = view.report
    columns = [each for each in view.columns if {each.name, f"{each.name}-bar"} & set(shown)]
    is_split = bool(not view.whole and report.total("biases")) and any(
        each.name == "params" for each in columns
    )
    if view.of:
        count, total = len(view.rows), len(view.of)
        yield _("{count} of {total} rows; totals are of all.", count=count, total=total)
    if view.whole:
        yield _("The rows of a part; percent are of the network.")
    elif is_split:
        yield _("Params: {sum}.", sum=split(report))
    if any(report.aux.values()) and not view.whole:
        yield _("Auxiliary classifiers are not in the total.")
    if not (view.whole or report.is_whole):
        yield _("+ is at least: not all of this network is counted.")
    if any(each.needs == "device" for each in columns):
        yield from roofline(report.settings, view.whole or report.whole)
    yield from told(report.settings, report)
    held = [each for each in columns if each.worked]
    if held and not view.whole:
        line = "; ".join(_in_units(each, report) for each in held)
        yield f"{line[:1].upper()}{line[1:]}."
    yield counted(columns, report, is_split=is_split)


def _in_units(quantity: Quantity, report: Report) -> str:
    """Return a total of bytes in other units, and where a forward pass peaks."""
    name = plain_heading(quantity)
    if quantity.name == "peak" and report.whole.fullest is None:
        name = _("{name}, where letters decide at which row", name=name)
    elif quantity.name == "peak":
        name = _("{name} at row {row}", name=name, row=report.whole.fullest)
    return f"{name}: {written(report.total(quantity.name))}"


def _flat(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    """Yield rows with their layers behind the labels around them, wherever they stand."""
    for row in rows:
        labels = [row.stage, row.label if row.stage != row.label else None]
        around = "/".join(filter(None, labels))
        label = f"{around}: " if around else ""
        yield row, f"{SIDE if row.aux else ''}{label}{spelled(row)}"


def spelled(row: Row) -> str:
    """Return a row's layer, and whose weights it has, where they are those of another."""
    if row.shared is None:
        return row.layer
    return f"{row.layer} ({_('as row {row}', row=row.shared)})"


class _Lines:
    """Rows with their layers, each indented in its branch, its repeat, or its label.

    The first row of a join's first branch, of its later branches, and of its result are marked
    with a corner, a fork and a corner, so that one can see where paths split and merge. A label
    of several rows stands above them, in a line without a row.
    """

    def __init__(self) -> None:
        self._before: tuple[Place, ...] = ()

    def of(self, rows: Iterable[Row]) -> Iterator[tuple[Row | None, str]]:
        """Yield the next rows, and the lines above them."""
        for row in rows:
            marks = ""
            new = False
            labelled = False
            for depth, place in enumerate(row.places):
                new = new or depth >= len(self._before) or self._before[depth] != place
                if place.how == "aux":
                    marks += SIDE
                elif place.how == "repeat" and place.of > 1 and not labelled:
                    marks += "  "
                elif place.how == "branch":
                    marks += BAR if not new else CORNER if place.number == 1 else FORK
                elif place.how == "fold" and place.label:
                    if new:
                        yield None, f"{marks}{place.label}:"
                        marks = marks.replace(CORNER, BAR).replace(FORK, BAR)
                    marks += "  "
                labelled = place.how == "fold" and place.label is not None
            if type(row.node) is not Layer and row.kind in JOIN_KINDS:
                marks += CLOSE
            self._before = row.places
            known = row.label is None or any(place.label == row.label for place in row.places)
            label = "" if known or not row.label else f"{row.label}: "
            yield row, f"{marks}{label}{spelled(row)}"
