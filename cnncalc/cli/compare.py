"""`cnncalc compare`: how networks side by side are printed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import faults
from cnncalc.cli.command import Command
from cnncalc.cli.options import complete_models
from cnncalc.cli.screen import say, style
from cnncalc.comparing import COMPARED, compare, compared
from cnncalc.layers import write_volume
from cnncalc.quantities import QUANTITIES, text
from cnncalc.report import Report
from cnncalc.sources import read_input, read_network

if TYPE_CHECKING:
    from collections.abc import Sequence


def print_comparison(
    networks: Sequence[str], *, given: str | None, channels_first: bool, form: str
) -> None:
    """Print the quantities of networks side by side."""
    volume = read_input(given, channels_first=channels_first)
    reports = [
        Report(
            read_network(word, channels_first=channels_first),
            given=volume,
            channels_first=channels_first,
        )
        for word in networks
    ]
    for report in reports:
        faults.warn(report.warnings)
    if form == "table":
        from cnncalc import table

        say(table.draw_comparison(networks, reports, style()))
        return
    rows = [_row(word, report) for word, report in zip(networks, reports, strict=True)]
    if form == "json":
        from cnncalc.export.json import SCHEMA, dumps

        ratios = {line.quantity.name: line.ratios for line in compare(reports)}
        data = {"schema": SCHEMA, "networks": rows, "ratios": ratios}
        say(dumps(data))
        return
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["network", "input", *COMPARED])
    for row, report in zip(rows, reports, strict=True):
        cells = [text(QUANTITIES[name], compared(report, name)) for name in COMPARED]
        writer.writerow([row["network"], write_volume(report.input), *cells])
    say(out.getvalue().rstrip("\n"))


def _row(word: str, report: Report) -> dict[str, Any]:
    return {
        "network": word,
        "input": report.input,
        **{name: compared(report, name) for name in COMPARED},
    }


def command() -> click.Command:
    """Return the command `cnncalc compare`."""

    def run(networks: tuple[str, ...], input: str | None, **given: Any) -> None:  # noqa: A002
        if len(networks) < 2:
            raise click.UsageError("compare takes two networks or more, a word each")
        form = "json" if given["json"] else given["format"] or "table"
        print_comparison(networks, given=input, channels_first=given["channels_first"], form=form)

    return Command(
        "compare",
        callback=run,
        params=[
            click.Argument(
                ["networks"],
                nargs=-1,
                required=True,
                metavar="NETWORK NETWORK...",
                shell_complete=complete_models,
            ),
            click.Option(["--input"], metavar="VOLUME", help="The volume that comes in."),
            click.Option(["--json"], is_flag=True, help="Print JSON."),
            click.Option(
                ["--format"], type=click.Choice(["table", "json", "csv"]), help="The format."
            ),
            click.Option(["--channels-first"], is_flag=True, help="Volumes are CxHxW."),
        ],
        help="Networks side by side, each in quotes, a file, or a model's name.",
        example='cnncalc compare "56x56x64 -> [conv 64 k3 p1]*3" "56x56x64 -> conv 64 k7 p3"',
    )
