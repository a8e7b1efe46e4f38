"""The one place where reports are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.cli import faults
from cnncalc.cli.screen import say, style
from cnncalc.export import View, export
from cnncalc.folding import Folded, find, fold, gather, labels
from cnncalc.language import _
from cnncalc.problem import Label, Problem, Source, Span, nearest, quoted
from cnncalc.quantities import COLUMNS, QUANTITIES, text

if TYPE_CHECKING:
    from cnncalc.cli.options import Output
    from cnncalc.quantities import Quantity
    from cnncalc.report import Report


def print_report(report: Report, output: Output, *, card: bool = False) -> None:
    """Print a report as its options ask; its warnings go to standard error."""
    if output.get is not None:
        value = _got(report, output.get)
        faults.warn(report.warnings)
        if QUANTITIES[output.get].form == "axes":
            faults.warn(report.notes)
        say(value)
        return
    view, card = _view(report, output, card)
    if output.explain:
        from cnncalc.export.working import write

        rows = report.rows[1:] if output.at is None else find(report.rows, output.at)
        faults.warn([*report.warnings, *report.notes])
        say(write(report, rows, "text" if output.format == "table" else output.format))
        return
    if output.format != "table":
        content = export(view, output.format)
        if output.format != "json":
            faults.warn(report.warnings)
        say(content)
        return
    from cnncalc import table

    if output.totals:
        content = table.draw_totals(report, style())
    elif card and output.columns is None:
        content = table.draw_card(report, view.rows[-1], style())
    else:
        content = table.draw_table(view, style())
    faults.warn(report.warnings)
    say(content)


def _view(report: Report, output: Output, card: bool) -> tuple[View, bool]:
    """Return what is shown of a report, and whether it is one row's card."""
    columns = _columns(output.columns)
    if output.by is not None:
        if output.columns is None:
            names = ("params", "macs", "activations")
            columns = [QUANTITIES[name + end] for name in names for end in ("", "-share")]
        return View(report, gather(report.rows, output.by), columns, ("rows", output.by)), False
    if output.at is not None:
        rows = find(report.rows, output.at)
        if not rows:
            raise _no_such_row(report, output.at)
        if len(rows) == 1:
            return View(report, rows, columns), True
        whole = Folded(rows, "", output.at, None, ())
        return View(report, fold(rows, output.depth), columns, whole=whole), False
    if output.format == "table" or output.depth is not None:
        return View(report, fold(report.rows, output.depth), columns), card
    return View(report, report.rows, columns), card


def _no_such_row(report: Report, place: str) -> Problem:
    """Return the problem of a label or a number that no row has."""
    close = nearest(place, labels(report.rows))
    last = report.rows[-1].index
    message = _("no row has the label {place}", place=quoted(place))
    if place.isdigit():
        message = _("no row has the number {place}", place=quoted(place))
    return Problem(
        "unknown-row",
        message,
        [Label(Span(Source("--at", place), 0, len(place)))],
        helps=[
            _("did you mean '{name}'?", name=close)
            if close
            else _("rows go from 0 to {last}", last=last)
        ],
    )


def _got(report: Report, name: str) -> str:
    """Return one quantity of a network, bare."""
    quantity = _quantity(name, Source("--get", name), 0)
    value = report.totals[quantity.name]
    if value is None:
        why = report.warnings[-1].labels if report.warnings else ()
        raise Problem(
            "no-one-receptive-field",
            _("the network has no one receptive field"),
            why,
            helps=[_("ask for the rows: --json holds the receptive field of each")],
        )
    return text(quantity, value, channels_first=report.channels_first)


def _columns(names: str | None) -> list[Quantity]:
    """Return the quantities that `--columns` names; without it, those that are shown."""
    if names is None:
        return list(COLUMNS)
    source = Source("--columns", names)
    columns = []
    start = 0
    for name in names.split(","):
        columns.append(_quantity(name, source, start))
        start += len(name) + 1
    return columns


def _quantity(name: str, source: Source, start: int) -> Quantity:
    """Return the quantity of a name that was typed."""
    quantity = QUANTITIES.get(name.strip().lower())
    if quantity is None:
        close = nearest(name, QUANTITIES)
        raise Problem(
            "unknown-quantity",
            _("no quantity is called {name}", name=quoted(name)),
            [Label(Span(source, start, start + len(name)))],
            helps=[
                _("did you mean '{name}'?", name=close)
                if close
                else _("there are {names}", names=", ".join(QUANTITIES))
            ],
            status=2,
        )
    return quantity
