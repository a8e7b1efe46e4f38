"""`cnncalc quantities`: what a network has, by the names that options and claims take."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from cnncalc.cli.command import Command
from cnncalc.cli.options import form_options
from cnncalc.cli.output import show
from cnncalc.cli.requests import Form
from cnncalc.report.claim_names import NAMES
from cnncalc.report.listing import Listing, Schema
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.columns import Column, values
from cnncalc.speech.language import _

_NEEDS = {"planner": "--planner tflm", "device": "--device"}
"""The options without which there is none of a quantity."""


def command() -> Command:
    """Return the command `cnncalc quantities`."""

    def run(**given: Any) -> None:
        columns = schema().fields
        rows = [dict(values(columns, each)) for each in QUANTITIES.values()]
        below = [_("A claim may also name size, channels and in_features, of the output.")]
        shown = [{**row, "says": _says(row)} for row in rows]
        drawn = Listing("quantities", [columns[0], columns[-1]], shown, below=below)
        show(schema().listing(columns, rows, drawn=lambda: drawn), Form.of(given))

    return Command(
        "quantities",
        callback=run,
        params=[*form_options()],
        help="All quantities: what --get, --columns and claims can name.",
        example="cnncalc quantities",
    )


def _says(row: dict[str, Any]) -> str:
    """Return what a quantity counts, with its other names."""
    counts = row["says"]
    says = _(counts)
    if row["needs"]:
        says = _("{what}, with {option}", what=says, option=row["needs"])
    if not row["names"]:
        return says
    return _("{what} (also {names})", what=says, names=", ".join(row["names"]))


def schema() -> Schema:
    """Return what is told of a quantity."""
    return Schema(
        "quantities",
        [
            Column("name", _("quantity"), "name"),
            Column("names", _("also"), "words", get=lambda each: [*NAMES.get(each.name, ())]),
            Column("unit", _("unit"), "name"),
            Column("needs", _("needs"), "name", get=lambda each: _NEEDS.get(each.needs)),
            Column("says", "", get=attrgetter("counts")),
        ],
    )
