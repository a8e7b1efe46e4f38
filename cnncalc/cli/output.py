"""The options by which every command prints alike, and the one place where reports are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cnncalc.cli import faults
from cnncalc.cli.screen import say, style
from cnncalc.export import FORMATS
from cnncalc.problem import Label, Problem, Source, Span, nearest, quoted
from cnncalc.quantities import COLUMNS, QUANTITIES, text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cnncalc.quantities import Quantity
    from cnncalc.report import Report


class Output(NamedTuple):
    """What the output options ask for."""

    format: str
    get: str | None
    columns: str | None
    totals: bool
    channels_first: bool
    strict: bool

    @classmethod
    def of(cls, options: dict[str, Any]) -> Output:
        """Take the output options out of a command's options."""
        as_json = options.pop("json")
        chosen = options.pop("format")
        if as_json and chosen not in (None, "json"):
            raise click.UsageError(f"--json and --format {chosen} ask for different formats")
        get = options.pop("get")
        if get and (as_json or chosen):
            raise click.UsageError("--get prints one bare number, and takes no format")
        return cls(
            "json" if as_json else chosen or "table",
            get,
            options.pop("columns"),
            options.pop("totals"),
            options.pop("channels_first"),
            options.pop("strict"),
        )


def among(
    names: Collection[str],
) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return a completer of names; of the last of several with commas between them."""

    def complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        return [f"{before}{comma}{name}" for name in names if name.startswith(last)]

    return complete


def output_options() -> list[click.Option]:
    """Return the output options, for a command's parameters."""
    names = ", ".join(QUANTITIES)
    return [
        click.Option(
            ["--get"],
            metavar="NAME",
            help=f"Print one bare number: {names}.",
            shell_complete=among(QUANTITIES),
        ),
        click.Option(["--json"], is_flag=True, help="Print JSON."),
        click.Option(
            ["--format"], type=click.Choice(["table", *FORMATS]), help="Print in this format."
        ),
        click.Option(
            ["--columns"],
            metavar="NAMES",
            help="Columns, with commas between them.",
            shell_complete=among(QUANTITIES),
        ),
        click.Option(["--totals"], is_flag=True, help="Print the totals alone."),
        click.Option(["--channels-first"], is_flag=True, help="Volumes are CxHxW."),
        click.Option(
            ["--strict"], is_flag=True, help="Windows must tile their input, as in CS231n."
        ),
    ]


def print_report(report: Report, output: Output, *, card: bool = False) -> None:
    """Print a report as its options ask; its warnings go to standard error."""
    if output.get is not None:
        value = _got(report, output.get)
        faults.warn(report.warnings)
        if QUANTITIES[output.get].form == "axes":
            faults.warn(report.notes)
        say(value)
        return
    columns = _columns(output.columns)
    if output.format != "table":
        from cnncalc.export import export

        content = export(report, output.format, columns)
        if output.format != "json":
            faults.warn(report.warnings)
        say(content)
        return
    from cnncalc import table

    if output.totals:
        content = table.draw_totals(report, style())
    elif card and output.columns is None:
        content = table.draw_card(report, report.rows[-1], style())
    else:
        content = table.draw_table(report, columns, style())
    faults.warn(report.warnings)
    say(content)


def _got(report: Report, name: str) -> str:
    """Return one quantity of a network, bare."""
    quantity = _quantity(name, Source("--get", name), 0)
    value = report.totals[quantity.name]
    if value is None:
        why = report.warnings[-1].labels if report.warnings else ()
        raise Problem(
            "no-one-receptive-field",
            "the network has no one receptive field",
            why,
            helps=["ask for the rows: --json holds the receptive field of each"],
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
            f"no quantity is called {quoted(name)}",
            [Label(Span(source, start, start + len(name)))],
            helps=[f"did you mean '{close}'?" if close else f"there are {', '.join(QUANTITIES)}"],
            status=2,
        )
    return quantity
