"""The rows of a network as every format has them: in JSON, for people, as a graph."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.notation.inputs import inputs
from cnncalc.report.asked import fields_of
from cnncalc.report.listing import Rows, Schema
from cnncalc.report.ordering import Order
from cnncalc.report.quantities import QUANTITIES, SUMMED
from cnncalc.report.quantity import axes_in_order, column
from cnncalc.report.view import View, whole
from cnncalc.speech.columns import Column, field, json_row, optional

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from cnncalc.report.diagram import Diagram
    from cnncalc.report.listing import Listing
    from cnncalc.report.quantity import Quantity
    from cnncalc.speech.columns import Halves
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

LINKS = optional((field("shared", "number"), field("seen", "number?")))
"""The row that a row has its weights of, and the input that it sees of several."""

TRAINED = ("trainable", "frozen")
"""What is told of a network that is trained in part."""


def listed(view: View) -> Listing:
    """Return a view of a report as rows under columns."""
    report = view.report
    columns = [column(each) for each in view.columns]
    if not view.rows:
        return TOTALS.listing(columns, [view.totals_of(view.columns)], view, fields=columns)
    named = [each for each in GATHERED if each.name in ("rows", view.by)] if view.by else NUMBERED
    is_whole = not view.by and view.order == Order()
    in_json = _in_json(view)
    return STACK.listing(
        [*named, *columns],
        _ViewRows(view, in_json),
        view,
        fields=[*dict.fromkeys((*NUMBERED, *LINKS, *named)), *map(column, in_json)],
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
    found = view.totals_of(each for each in _in_json(view) if each.of_all)
    return {**found, "aux": json_row(_AUX, view.report.aux)}


_AUX = [column(each) for each in SUMMED if each.path]
_ALL = [column(each) for each in QUANTITIES.values() if each.path]
_ALL += optional(column(each) for each in QUANTITIES.values() if not each.path)
_OF_ALL = [each for each in _ALL if QUANTITIES[each.name].of_all]
_INPUT = (field("name"), field("index", "integer"), field("output", "volume"))

STACK = Schema(
    "rows",
    [*NUMBERED, *LINKS, *_ALL, *optional(each for each in GATHERED if each not in NUMBERED)],
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
