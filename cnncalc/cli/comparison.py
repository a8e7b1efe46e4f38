"""`cnncalc compare`: how networks side by side are printed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from cnncalc.cli import faults
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
