"""Networks for each number of a sweep: a row, or its fault, for each point."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cnncalc.api.answer import Answer
from cnncalc.report.asked import Asked, fields_of, told
from cnncalc.report.captions import counted, roofline
from cnncalc.report.claim_names import quantities_in
from cnncalc.report.comparison import COSTS
from cnncalc.report.listing import Schema, texts
from cnncalc.report.options import quantities_about
from cnncalc.report.ordering import Order
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import flat, in_order, refuse_without
from cnncalc.speech.columns import Column, field, optional
from cnncalc.speech.language import _
from cnncalc.speech.lines import wrap
from cnncalc.speech.problem import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cnncalc.output.layout import Style
    from cnncalc.report.listing import Listing
    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report
    from cnncalc.solving.sweeps import Sweep
    from cnncalc.trace.settings import Settings

SHOWN = ("output", "macs", "params", "activations")


class Curves(Answer):
    """What networks have of some quantities, by their names, at each point of their sweeps.

    Points are worked out one after the other, as they are gone through; `fits` is how many of them
    had no fault.
    """

    def __init__(
        self,
        names: Sequence[str],
        sweeps: Sequence[Sweep],
        shown: Sequence[Quantity],
        order: Order = Order(),  # noqa: B008 - a value, and no state
        tell: Callable[[float], object] = float,
    ) -> None:
        wanted = [*shown, *filter(None, order[:1])]
        for each in wanted:
            refuse_without(each, sweeps[0].settings)
        self.names, self.sweeps, self.shown = names, sweeps, shown
        self.name = sweeps[0].numbers.name
        self.warnings = Asked(sweeps[0].settings, shown=wanted).idle()
        self.fits = 0
        self._order, self._tell = order, tell
        self._put: list[dict[str, Any]] | None = None  # all rows, where they are in an order
        self._faults: dict[str, int] = {}
        self._report: Report | None = None  # the last that there is, which says what is counted

    def rows(self) -> Iterable[dict[str, Any]]:
        """Return the rows in their order: as they come, where none is asked for."""
        quantity, top = self._order
        if quantity is None and top is None:
            return self._rows()
        if self._put is None:
            rows = self._rows()
            self._put = self._order.put(rows, lambda row: quantity and row.get(quantity.name))
        return self._put

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each point; where it has a fault, the fault's code in it."""
        wanted = [*self.shown, *filter(None, self._order[:1])]
        self.fits, self._faults = 0, {}
        done, total = 0, sum(sweep.numbers.length for sweep in self.sweeps)
        for network, sweep in zip(self.names, self.sweeps, strict=True):
            for point in sweep.points():
                row: dict[str, Any] = {"network": network, self.name: point.shown}
                if point.report:
                    self.fits += 1
                    self._report = point.report
                    first = point.report.settings.channels_first
                    for each in wanted:
                        value = point.report.total(each.name)
                        row[each.name] = in_order(each, value, channels_first=first)
                if point.fault:
                    code = row["fault"] = point.fault.code
                    self._faults[code] = self._faults.get(code, 0) + 1
                yield row
                done += 1
                self._tell(done / total)

    def columns(self) -> list[Column]:
        """Return the columns: the network, the number that is swept, quantities, the fault."""
        return [
            Column("network", _("network"), "code"),
            Column(self.name, self.name, "number"),
            *map(flat, self.shown),
            Column("fault", _("fault"), "code"),
        ]

    def listing(self, *, for_people: bool = False) -> Listing:  # noqa: ARG002 - all fit
        """Return a row for each point, as it comes."""
        columns = self.columns()
        return SWEEP.listing(columns, self.rows(), self, fields=columns)

    def lay_out(self, style: Style) -> str:
        """Return a table for each network, with a bar for each point."""
        from cnncalc.output.curve import draw_curve

        columns = self.columns()[1:-1]
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows():
            rows.setdefault(row["network"], []).append(row)
        cost = self._barred([row for found in rows.values() for row in found])
        values = [row.get(cost.name, 0) for found in rows.values() for row in found] if cost else []
        heads = [columns[0].heading, *(_(each.heading) for each in columns[1:])]
        parts = []
        for number, (network, found) in enumerate(rows.items(), 1):
            lines = [_line(columns, row, cost) for row in found]
            name = f"{number}  {network}" if len(rows) > 1 else network
            parts += ["\n".join(wrap(name, style.width)), ""]
            parts += [draw_curve(heads, lines, max(values, default=0), style).rstrip(), ""]
        said = [_("Bars: {name}.", name=_(cost.heading))] if cost else []
        said += [f"{plural(count, 'point')}: {code}." for code, count in self._faults.items()]
        parts += wrap(" ".join(said), style.width) if said else []
        for each in told(self.sweeps[0].settings):
            parts += wrap(each, style.width)
        if any(each.needs == "device" for each in self.shown):
            parts += wrap(" ".join(roofline(self.sweeps[0].settings)), style.width)
        if self._report:
            parts += wrap(counted(self.shown, self._report), style.width)
        return "\n".join(parts)

    def _barred(self, rows: Sequence[dict[str, Any]]) -> Quantity | None:
        """Return the cost that bars are drawn of: the first that is asked for and that varies."""
        costs = [
            each
            for each in self.shown
            if each.name in COSTS and all(type(row.get(each.name, 0)) is int for row in rows)
        ]
        varying = [
            each for each in costs if len({row[each.name] for row in rows if each.name in row}) > 1
        ]
        return next(iter(varying or costs), None)

    def __repr__(self) -> str:
        return f"<Curves over {self.name} of {', '.join(map(repr, self.names))}>"


SWEEP = Schema(
    "points",
    [field("network"), *optional((*map(flat, QUANTITIES.values()), field("fault")))],
    [field("sweep", get=attrgetter("name")), *fields_of(lambda curves: curves.sweeps[0].settings)],
    more="number",
)
"""The points of a sweep: what is swept stands in them under its name."""


def _line(
    columns: Sequence[Column], row: dict[str, Any], cost: Quantity | None
) -> tuple[list[str], int | None]:
    """Return the cells of a point, and the value of its bar: None where it has a fault."""
    cells = texts(columns, row, commas=True)
    if "fault" in row:
        return [cells[0], row["fault"]], None
    return cells, row[cost.name] if cost else 0


def read_shown(columns: str | None, order: Order, settings: Settings) -> list[Quantity]:
    """Return the quantities that are named with commas; else some, with what is asked for."""
    names: Sequence[str] = list(dict.fromkeys((*SHOWN, *quantities_about(settings))))
    if columns is not None:
        names = quantities_in(columns, "--columns", QUANTITIES)
    elif order.quantity and order.quantity.name not in names:
        names = [*names, order.quantity.name]
    return [QUANTITIES[name] for name in names]
