"""What of a report is shown: which rows, folded or gathered, and which quantities of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.notation.inputs import inputs
from cnncalc.report.asked import as_data, told
from cnncalc.report.listing import Column, Listing, Rows, fields, text
from cnncalc.report.ordering import Order
from cnncalc.report.quantities import COLUMNS, QUANTITIES, SUMMED
from cnncalc.report.quantity import column, in_order
from cnncalc.speech.language import _
from cnncalc.speech.problem import plural
from cnncalc.trace.memory import written
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from cnncalc.report.diagram import Box, Diagram
    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Place, Row

MOST_NAME = 30  # characters of rows in one, where there is little room
CORNER, FORK, BAR, CLOSE, SIDE = "\u250c ", "\u251c ", "\u2502 ", "\u2514 ", "\u250a "
"""What stands before a row: the first of a first branch, of a later one, in one, a join, beside."""

NUMBERED = (
    *(Column("index", "#", "number"), Column("stage", "stage"), Column("label", "label")),
    *(Column("layer", "layer", "code"), Column("kind", "kind")),
)
"""What each row of a network goes by."""

GATHERED = (
    Column("rows", "rows", "number"),
    Column("label", "label"),
    Column("kind", "kind"),
    Column("size", "size"),
)
"""What rows that are gathered go by: how many they are, and what they share."""


COSTS = ("params", "weights", "biases", "macs", "flops")
"""What is at least as large as its total where not all of a network is counted."""


TRAINED = ("trainable", "frozen")
"""What is told of a network that is trained in part."""


class View(NamedTuple):
    """What of a report is shown.

    `by` is what the rows are gathered by, if they are; `whole` stands for all the rows where they
    are a part of the network. No rows: the totals alone. On a `chart` what adds up has bars.
    What is not `kept` of the quantities may be left out where there is no room. The rows are in an
    `order`; `of` are those that there were, where not all are shown. Where what is folded can be
    opened, it is open down to a `depth`.
    """

    report: Report
    rows: Sequence[Row]
    columns: Sequence[Quantity]
    by: str = ""
    whole: Row | None = None
    chart: bool = False
    kept: Collection[str] = ()
    order: Order = Order()
    of: Sequence[Row] = ()
    depth: int | None = None

    def ordered(self) -> View:
        """Return the same with its rows in order."""
        rows = self.order.put_rows(self.rows)
        return self._replace(rows=rows, of=self.rows if len(rows) < len(self.rows) else ())

    def values(self, quantities: Iterable[Quantity], row: Row) -> dict[str, Any]:
        """Return what a row has of quantities, by their names, as it is printed."""
        if row.several is None and not self.report.settings.channels_first:  # most rows, quickly
            return {
                each.name: self.report.value(each, row) if each.share_of else each.one(row)
                for each in quantities
            }
        first = self.report.settings.channels_first
        return {
            each.name: in_order(each, self.report.value(each, row), channels_first=first)
            for each in quantities
        }

    def totals(self) -> dict[str, Any]:
        """Return what all the rows have of the quantities, by their names."""
        if self.whole:
            return self.values(self.columns, self.whole)
        first = self.report.settings.channels_first
        return {
            each.name: in_order(each, self.report.total(each.name), channels_first=first)
            for each in (*self.columns, *QUANTITIES.values())
        }


def whole(report: Report) -> View:
    """Return all rows of a report, and what is shown of them where nothing else is asked for."""
    return View(report, report.rows, COLUMNS)


def listed(view: View) -> Listing:
    """Return a view of a report as rows under columns."""
    report = view.report
    columns = [column(each) for each in view.columns]
    in_json = [each for each in QUANTITIES.values() if each.path]
    asked = [each for each in view.columns if not each.path]
    if report.settings.freeze:
        asked += [each for each in map(QUANTITIES.get, TRAINED) if each and each not in asked]
    head = {
        "network": report.text,
        "input": in_order(
            QUANTITIES["output"], report.input, channels_first=report.settings.channels_first
        ),
        "inputs": list(_inputs(report)),
        "batch": report.forward.batch,
        "dtype": report.forward.dtype,
        **as_data(report.settings, report.kinds),
    }
    totals = View(report, (), ()).totals()
    tail = {
        "totals": {
            **fields([column(each) for each in (*in_json, *asked) if each.of_all], totals),
            "aux": fields([column(each) for each in SUMMED if each.path], report.aux),
        },
        **({} if report.is_whole else {"whole": False}),
    }
    told = {"warnings": report.warnings}
    if not view.rows:
        return Listing("", columns, [totals], head={**head, "rows": []}, tail=tail, told=told)
    named = [each for each in GATHERED if each.name in ("rows", view.by)] if view.by else NUMBERED
    is_whole = not view.by and view.order == Order()
    return Listing(
        "rows",
        [*named, *columns],
        _Rows(view, [*in_json, *asked]),
        fields=[
            *NUMBERED,
            Column("shared", "shared", "number"),
            Column("seen", "seen", "number"),
            *(each for each in named if each.name not in {field.name for field in NUMBERED}),
            *(column(each) for each in (*in_json, *asked)),
        ],
        head=head,
        tail=tail,
        told=told,
        drawn=lambda: _drawn(view, columns),
        graph=None if view.by else lambda: _graph(view),
        networks=lambda: [view if is_whole else whole(report)],
        is_rows=is_whole,
    )


def _inputs(report: Report) -> Iterator[dict[str, Any]]:
    """Yield the inputs: their names, their rows and their volumes."""
    first = report.settings.channels_first
    for row, known in zip(report.inputs, inputs(report.network), strict=True):
        size = in_order(QUANTITIES["output"], row.output, channels_first=first)
        yield {"name": known.name, "index": row.index, "output": size}


def _seen(row: Row) -> int | None:
    """Return the row of the input that a row sees, of several the last."""
    seen = row.rows[-1].seen
    return seen and seen[0]


class _Rows(Rows):
    """The rows of a view, each made when it is looked at: there may be a million."""

    def __init__(self, view: View, quantities: Sequence[Quantity]) -> None:
        self._view = view
        self._quantities = quantities
        self._is_several = len(view.report.inputs) > 1

    def of(self, names: Collection[str]) -> _Rows:
        """Return the rows with what these columns have."""
        return _Rows(self._view, [each for each in self._quantities if each.name in names])

    def __length_hint__(self) -> int:
        return len(self._view.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._view.rows:
            yield {
                "index": row.number,
                "stage": row.stage,
                "label": row.label,
                "layer": row.layer,
                "kind": row.kind,
                **({} if row.shared is None else {"shared": row.shared}),
                **({"seen": _seen(row)} if self._is_several else {}),
                **({"rows": len(row.rows), self._view.by: row.layer} if self._view.by else {}),
                **self._view.values(self._quantities, row),
            }


# ---------------------------------------------------------------- for people


def _graph(view: View) -> Diagram:
    """Return the graph of the rows, with what a part of a network reads from before it."""
    from cnncalc.report.diagram import graph, with_those_before

    rows = with_those_before(view.rows, view.report.rows)
    return graph(rows, lambda box: _words(view, box))


def _words(view: View, box: Box) -> list[str]:
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


def _drawn(view: View, columns: Sequence[Column]) -> Listing:
    """Return what people are shown: branches drawn, totals below, and what was counted."""
    report = view.report
    heads = (
        [Column("index", "rows", "number"), Column("layer", view.by)]
        if view.by
        else [Column("index", "#", "number"), Column("layer", "layer", "code")]
    )
    from cnncalc.report.folds import cut

    each_row = (
        {
            "layer": layer,
            **({"layer-short": cut(layer, MOST_NAME)} if row and row.several else {}),
            **({"index": row.number, **view.values(view.columns, row)} if row else {}),
        }
        for row, layer in (_flat if view.order.quantity else _lines)(view.rows)
    )
    rows = [*each_row] if isinstance(view.rows, list | tuple) else each_row
    feet = [{"layer": view.whole.layer if view.whole else _("total"), **view.totals()}]
    has_aux = any(report.aux.values()) and not view.whole
    if has_aux:
        feet.append({"layer": _("auxiliary"), **report.aux})
    if not (view.whole or report.is_whole):
        feet[0] |= {name: f"{value:,}+" for name, value in feet[0].items() if name in COSTS}
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


def _below(view: View, shown: Collection[str]) -> Iterator[str]:
    """Yield what is said below a table of the columns that are shown."""
    from cnncalc.report.captions import counted, roofline, split

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
    from cnncalc.report.captions import plain_heading

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


def _lines(rows: Iterable[Row]) -> Iterator[tuple[Row | None, str]]:
    """Yield the rows with their layers, each indented in its branch, its repeat, or its label.

    The first row of a join's first branch, of its later branches, and of its result are marked
    with a corner, a fork and a corner, so that one can see where paths split and merge. A label
    of several rows stands above them, in a line without a row.
    """
    before: tuple[Place, ...] = ()
    for row in rows:
        marks = ""
        new = False
        labelled = False
        for depth, place in enumerate(row.places):
            new = new or depth >= len(before) or before[depth] != place
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
        if row.kind in JOIN_KINDS:
            marks += CLOSE
        before = row.places
        known = any(place.label == row.label for place in row.places)
        label = f"{row.label}: " if row.label and not known else ""
        yield row, f"{marks}{label}{spelled(row)}"
