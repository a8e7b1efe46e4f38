"""`cnncalc compare --sweep`: how the rows of a curve are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.cli.output import show
from cnncalc.cli.streams import watch
from cnncalc.importing.sources import read_input, read_network
from cnncalc.numbers.ranges import read_range
from cnncalc.report.captions import counted
from cnncalc.report.comparison import COSTS
from cnncalc.report.listing import Column, Listing, texts
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import column, in_order
from cnncalc.solving.sweeps import Sweep
from cnncalc.speech.language import _
from cnncalc.speech.lines import wrap
from cnncalc.speech.names import names_in
from cnncalc.speech.problem import Label, Problem, Source, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cnncalc.cli.requests import Form
    from cnncalc.numbers.ranges import Range
    from cnncalc.output.table import Style
    from cnncalc.report.ordering import Order
    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report
    from cnncalc.trace.settings import Settings

MOST_SWEPT = 2_000_000  # layers in all, of a table that nobody has said --yes to
STREAMED = ("json", "jsonl", "csv")
"""The formats that print each point as it comes."""

SHOWN = ("output", "macs", "params", "activations")


class _Curves:
    """The rows of the points, as they come, and what is said of them below."""

    def __init__(
        self,
        networks: Sequence[str],
        sweeps: Sequence[Sweep],
        shown: Sequence[Quantity],
        order: Order,
        tell: Callable[[float], None],
    ) -> None:
        self.networks, self.sweeps, self.shown = networks, sweeps, shown
        self.name = sweeps[0].numbers.name
        self.order, self.tell = order, tell
        self.fits = 0
        self.faults: dict[str, int] = {}
        self.report: Report | None = None  # the last that there is, which says what is counted

    def rows(self) -> Iterable[dict[str, Any]]:
        """Return the rows in their order: as they come, where none is asked for."""
        quantity, top = self.order
        if quantity is None and top is None:
            return self._rows()
        return self.order.put(self._rows(), lambda row: quantity and row.get(quantity.name))

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each point; where it has a fault, the fault's code in it."""
        wanted = [*self.shown, *filter(None, self.order[:1])]
        done, total = 0, sum(sweep.numbers.length for sweep in self.sweeps)
        for network, sweep in zip(self.networks, self.sweeps, strict=True):
            for point in sweep.points():
                row: dict[str, Any] = {"network": network, self.name: point.shown}
                if point.report:
                    self.fits += 1
                    self.report = point.report
                    first = point.report.settings.channels_first
                    for each in wanted:
                        value = point.report.total(each.name)
                        row[each.name] = in_order(each, value, channels_first=first)
                if point.fault:
                    code = row["fault"] = point.fault.code
                    self.faults[code] = self.faults.get(code, 0) + 1
                yield row
                done += 1
                self.tell(done / total)

    def columns(self) -> list[Column]:
        """Return the columns: the network, the number that is swept, quantities, the fault."""
        return [
            Column("network", _("network"), "code"),
            Column(self.name, self.name, "number"),
            *(column(each)._replace(path=()) for each in self.shown),
            Column("fault", _("fault"), "code"),
        ]

    def draw(self, how: Style) -> str:
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
            parts += ["\n".join(wrap(name, how.width)), ""]
            parts += [draw_curve(heads, lines, max(values, default=0), how).rstrip(), ""]
        said = [_("Bars: {name}.", name=_(cost.heading))] if cost else []
        said += [f"{plural(count, 'point')}: {code}." for code, count in self.faults.items()]
        parts += wrap(" ".join(said), how.width) if said else []
        if self.report:
            parts += wrap(counted(self.shown, self.report), how.width)
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


def _line(
    columns: Sequence[Column], row: dict[str, Any], cost: Quantity | None
) -> tuple[list[str], int | None]:
    """Return the cells of a point, and the value of its bar: None where it has a fault."""
    cells = texts(columns, row, commas=True)
    if "fault" in row:
        return [cells[0], row["fault"]], None
    return cells, row[cost.name] if cost else 0


def _refuse_too_much(numbers: Range, layers: int) -> None:
    """Refuse a table that shows nothing for minutes: it is made when all points are there."""
    if layers > MOST_SWEPT:
        raise Problem(
            "sweep-too-long",
            _("a table of this sweep shows nothing for minutes"),
            [Label(numbers.span, plural(numbers.length, "point"))],
            notes=[_("in all it goes through some {count:,} layers", count=layers)],
            helps=[
                _("take larger steps, or '--format csv', which prints each point as it comes"),
                _("'--yes' goes through all of them"),
            ],
        )


def print_curves(
    networks: Sequence[str],
    sweep: str,
    form: Form,
    *,
    given: Sequence[str],
    columns: str | None,
    settings: Settings,
    order: Order,
    is_patient: bool,
) -> int:
    """Print a row for each network and each number of a range; 1 where none of them fits."""
    numbers = read_range(Source("--sweep", sweep), has_fractions=True)
    volume = read_input(given, channels_first=settings.channels_first)
    names: Sequence[str] = SHOWN
    if columns is not None:
        fact = "no quantity is called {name}"
        names = names_in(columns, "--columns", QUANTITIES, "unknown-quantity", fact)
    elif order.quantity and order.quantity.name not in names:
        names = [*names, order.quantity.name]
    sweeps = [
        Sweep(
            read_network(word, given=volume, channels_first=settings.channels_first),
            numbers,
            settings,
            given=volume.head,
        )
        for word in networks
    ]
    if not is_patient and form.format not in STREAMED:
        _refuse_too_much(numbers, sum(each.layers() for each in sweeps))
    with watch(_("sweeping")) as tell:
        curves = _Curves(networks, sweeps, [QUANTITIES[name] for name in names], order, tell)
        head = {"sweep": curves.name}
        show(Listing("points", curves.columns(), curves.rows(), head=head), form, curves.draw)
    return int(not curves.fits)
