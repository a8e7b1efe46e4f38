"""What of a report is shown: which rows, folded or gathered, and which quantities of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.report.ordering import Order
from cnncalc.report.quantities import COLUMNS
from cnncalc.report.quantity import in_order, of_input, shares
from cnncalc.report.several import likeness
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report
    from cnncalc.speech.columns import Halves
    from cnncalc.trace.rows import Row


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
        return self.totals_of(self.columns)

    def totals_of(self, quantities: Iterable[Quantity]) -> dict[str, Any]:
        """Return what the whole network has of quantities, by their names, as it is printed."""
        first = self.report.settings.channels_first
        return {
            each.name: in_order(each, self.report.total(each.name), channels_first=first)
            for each in quantities
        }


def whole(report: Report) -> View:
    """Return all rows of a report, and what is shown of them where nothing else is asked for."""
    return View(report, report.rows, COLUMNS)


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
