"""`cnncalc devices`: what each device multiplies and moves in a second, and who says so."""

from __future__ import annotations

from typing import Any

from cnncalc.cli.command import Command
from cnncalc.cli.options import form_options
from cnncalc.cli.output import show
from cnncalc.cli.requests import Form
from cnncalc.report.captions import rate
from cnncalc.report.listing import Listing, Schema
from cnncalc.speech.columns import Column
from cnncalc.speech.language import _
from cnncalc.trace.devices import DEVICES
from cnncalc.trace.dtypes import BITS


def command() -> Command:
    """Return the command `cnncalc devices`."""

    def run(**given: Any) -> None:
        rows = [
            {
                "device": each.name,
                "title": each.title,
                "bandwidth": each.bandwidth,
                **each.peaks,
                "source": each.source,
            }
            for each in DEVICES.values()
        ]
        shown = [
            {
                "device": each.name,
                "bandwidth": rate(each.bandwidth, "B/s"),
                **{name: rate(peak, "") for name, peak in each.peaks.items()},
            }
            for each in DEVICES.values()
        ]
        columns = schema().fields
        named = [columns[0], *columns[3:-1], Column("bandwidth", _("bytes"))]
        heads = [each._replace(form="name") for each in named]
        below = [
            _("In a second: operations by type, two for each MAC, dense, not measured; bytes."),
            *(f"{each.name}: {each.title} ({each.source})." for each in DEVICES.values()),
        ]
        drawn = Listing("devices", heads, shown, below=below)
        show(schema().listing(columns, rows, drawn=lambda: drawn), Form.of(given))

    return Command(
        "devices",
        callback=run,
        params=[*form_options()],
        help="All devices: what --device can name, with their peaks and sources.",
        example="cnncalc devices",
    )


def schema() -> Schema:
    """Return what is told of a device: a peak for each type that it has."""
    return Schema(
        "devices",
        [
            *(Column("device", _("device"), "name"), Column("title", "")),
            Column("bandwidth", _("bytes a second"), "count"),
            *(Column(name, name, "count", is_optional=True) for name in BITS),
            Column("source", _("source")),
        ],
    )
