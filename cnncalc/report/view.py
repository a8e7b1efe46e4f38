"""What of a report is shown: which rows, folded or gathered, and which quantities of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.notation.inputs import inputs
from cnncalc.report.asked import fields_of
from cnncalc.report.listing import Rows, Schema
from cnncalc.report.ordering import Order
from cnncalc.report.quantities import COLUMNS, QUANTITIES, SUMMED
from cnncalc.report.quantity import axes_in_order, column, in_order, of_input, shares
from cnncalc.report.several import likeness
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.columns import Column, field, json_row, optional
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from cnncalc.report.diagram import Diagram
    from cnncalc.report.listing import Halves, Listing
    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row

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

SEEN = optional((field("shared", "number"), field("seen", "number?")))
"""The row that a row has its weights of, and the input that it sees of several."""

TRAINED = ("trainable", "frozen")
"""What is told of a network that is trained in part."""


class View(NamedTuple):
    """The rows and the quantities of a report that are shown.

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
        first = self.report.settings.channels_first
        return {
            each.name: in_order(each, self.report.value(each, row), channels_first=first)
            for each in quantities
        }

    def of_rows(self, quantities: Sequence[Quantity]) -> Values:
        """Return what the rows have of quantities, worked out as they are gone through."""
        return Values(self, quantities)

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
    if not view.rows:
        return TOTALS.listing(columns, [View(report, (), ()).totals()], view, fields=columns)
    named = [each for each in GATHERED if each.name in ("rows", view.by)] if view.by else NUMBERED
    is_whole = not view.by and view.order == Order()
    in_json = _in_json(view)
    return STACK.listing(
        [*named, *columns],
        _ViewRows(view, in_json),
        view,
        fields=[*dict.fromkeys((*NUMBERED, *SEEN, *named)), *map(column, in_json)],
        drawn=lambda: _drawn(view, columns),
        graph=None if view.by else lambda: _graph(view),
        networks=lambda: [view if is_whole else whole(report)],
        is_rows=is_whole,
    )


def _in_json(view: View) -> list[Quantity]:
    """Return the quantities that JSON has: those with a place in it, and those that are asked."""
    asked = [each for each in view.columns if not each.path]
    asked += [QUANTITIES[name] for name in TRAINED if view.report.settings.freeze]
    return [*(each for each in QUANTITIES.values() if each.path), *dict.fromkeys(asked)]


def _inputs(view: View) -> Iterator[dict[str, Any]]:
    """Yield the inputs: their names, their rows and their volumes."""
    report, first = view.report, view.report.settings.channels_first
    for row, known in zip(report.inputs, inputs(report.network), strict=True):
        output = axes_in_order(row.output, first)
        yield {"name": known.name, "index": row.index, "output": output}


def _totals(view: View) -> dict[str, Any]:
    """Return what the whole network has of what JSON has, and its auxiliary classifiers."""
    totals = View(view.report, (), ()).totals()
    found = {each.name: totals[each.name] for each in _in_json(view) if each.of_all}
    return {**found, "aux": json_row(_AUX, view.report.aux)}


_AUX = [column(each) for each in SUMMED if each.path]
_ALL = [column(each) for each in QUANTITIES.values() if each.path]
_ALL += optional(column(each) for each in QUANTITIES.values() if not each.path)
_OF_ALL = [each for each in _ALL if QUANTITIES[each.name].of_all]
_INPUT = (field("name"), field("index", "integer"), field("output", "volume"))

STACK = Schema(
    "rows",
    [*NUMBERED, *SEEN, *_ALL, *optional(each for each in GATHERED if each not in NUMBERED)],
    head=[
        field("network", get=lambda view: view.report.text),
        field("input", "volume", lambda view: view.report.printed_input),
        field("inputs", "object[]", _inputs, _INPUT),
        *fields_of(
            lambda view: view.report.settings,
            always=("batch", "dtype"),
            kinds=lambda view: view.report.kinds,
        ),
    ],
    tail=[
        field("totals", "object", _totals, [*_OF_ALL, field("aux", "object", of=_AUX)]),
        field("whole", "false", lambda view: view.report.is_whole and None, is_optional=True),
        field("warnings", "problems", lambda view: view.report.warnings),
    ],
)
"""The rows of a network, or what they are gathered in."""

TOTALS = STACK._replace(rows="", head=[*STACK.head, field("rows", "object[]", lambda _view: [])])
"""A network without its rows."""


def _seen(row: Row) -> int | None:
    """Return the row of the input that a row sees, of several the last."""
    seen = row.rows[-1].seen
    return seen and seen[0]


class Values:
    """The values of the rows of a view, of some quantities."""

    def __init__(self, view: View, quantities: Sequence[Quantity]) -> None:
        self._view, self._quantities = view, quantities
        self._alike = [each for each in quantities if each.is_alike]
        own = [each for each in quantities if not each.is_alike]
        self._own = [(each.name, each.one) for each in own]
        self._shares = [each.name for each in own if each.share_of]
        self._known: dict[tuple[Any, ...], tuple[Row, dict[str, Any]]] = {}

    def of(self, make: Callable[[Iterable[Row]], Iterator[Halves]]) -> Iterator[Halves]:
        """Yield the halves that a function makes of rows, by `halves`, with shares in percent."""
        rows = self._view.rows
        if isinstance(rows, list | tuple):
            found = make(rows)
        else:
            from cnncalc.report.long_rows import halves_of

            found = halves_of(rows, make)
        if not self._shares:
            yield from found
            return
        for common, own in found:
            parts = [(name, own[name]) for name in self._shares if type(own.get(name)) is tuple]
            yield common, {**own, **{name: shares(each) for name, each in parts}}

    def halves(
        self, row: Row, key: tuple[Any, ...], named: Callable[[], dict[str, Any]]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what a row shares with those of its key, what it is `named` too, and the rest.

        Of each key a row is kept, so that it may be of the identity of the row's node.
        """
        if row.several is not None:
            return {**named(), "index": row.number, **self._view.values(self._quantities, row)}, {}
        key = (*key, likeness(row), type(row.field))
        known = self._known.get(key)
        if known is None:
            if len(self._known) > BUDGET.remembered_rows:
                self._known.clear()
            shared = {**named(), **self._view.values(self._alike, row)}
            known = self._known[key] = row, shared
        own: dict[str, Any] = {"index": row.index}
        for name, one in self._own:
            own[name] = one(row)
        for name in self._shares:
            if type(own[name]) is tuple:
                own[name] = of_input(own[name], row)
        return known[1], own


class _ViewRows(Rows):
    """The rows of a view, each made when it is looked at: there may be a million."""

    def __init__(self, view: View, quantities: Sequence[Quantity]) -> None:
        self._view = view
        self._quantities = quantities
        self._is_several = len(view.report.inputs) > 1

    def of(self, names: Collection[str]) -> _ViewRows:
        """Return the rows with what these columns have."""
        return _ViewRows(self._view, [each for each in self._quantities if each.name in names])

    def __length_hint__(self) -> int:
        return len(self._view.rows)

    def halves(self) -> Iterator[Halves]:
        """Yield what a row has as others have it, and its number, its field and the like."""
        values = self._view.of_rows(self._quantities)

        def make(rows: Iterable[Row]) -> Iterator[Halves]:
            for row in rows:
                seen = _seen(row) if self._is_several else None
                key = row.stage, row.label, id(row.node), row.shared, seen
                yield values.halves(row, key, partial(self._named, row, seen))

        yield from values.of(make)

    def _named(self, row: Row, seen: int | None) -> dict[str, Any]:
        return {
            "stage": row.stage,
            "label": row.label,
            "layer": row.layer,
            "kind": row.kind,
            **({} if row.shared is None else {"shared": row.shared}),
            **({"seen": seen} if self._is_several else {}),
            **({"rows": len(row.rows), self._view.by: row.layer} if self._view.by else {}),
        }


def _drawn(view: View, columns: Sequence[Column]) -> Listing:
    """Return what people are shown."""
    from cnncalc.report.people import drawn

    return drawn(view, columns)


def _graph(view: View) -> Diagram:
    """Return the graph of the rows, with what a part of a network reads from before it."""
    from cnncalc.report.diagram import graph, with_those_before
    from cnncalc.report.people import words_in

    rows = with_those_before(view.rows, view.report.rows)
    return graph(rows, lambda box: words_in(view, box))
