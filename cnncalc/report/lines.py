"""A print's lines as rows: what each layer learns, without shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.report.listing import Listing, Schema
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import column
from cnncalc.report.stack import NUMBERED
from cnncalc.speech.columns import field, optional
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.notation.tree import PrintedLine, PrintedLines
    from cnncalc.speech.columns import Column

KNOWN = ("params", "weights", "biases")
"""What is known without shapes."""

COLUMNS = [column(QUANTITIES[name]) for name in KNOWN]


def totals(lines: PrintedLines) -> dict[str, int]:
    """Return what the lines add up to, by the names of quantities: of those that they have."""
    sums = [_counts(line) for line in lines.lines]
    known = [name for name in KNOWN if any(name in each for each in sums)] or KNOWN[:1]
    return {name: sum(each.get(name, 0) for each in sums) for name in known}


def _counts(line: PrintedLine) -> dict[str, int]:
    if line.params is None:
        return {}
    if line.weights is None:
        return {"params": line.params}
    return dict(zip(KNOWN, (line.params, line.weights, line.params - line.weights), strict=True))


def listed(lines: PrintedLines) -> Listing:
    """Return a print's lines as rows under columns."""
    rows: list[dict[str, Any]] = [
        {
            "index": index,
            "label": line.label or None,
            "layer": line.text,
            "kind": line.kind,
            **_counts(line),
        }
        for index, line in enumerate(lines.lines, 1)
    ]
    sums = totals(lines)
    heads = [*(each for each in NUMBERED if each.name in _NAMED), *_columns(sums)]
    return LINES.listing(heads, rows, lines, drawn=lambda: _drawn(lines, rows, sums))


_NAMED = ("index", "label", "layer", "kind")

LINES = Schema(
    "rows",
    [*(each for each in NUMBERED if each.name in _NAMED), *optional(COLUMNS)],
    tail=[
        field("totals", "object", totals, [COLUMNS[0], *optional(COLUMNS[1:])]),
        field("whole", "false", lambda lines: lines.whole and None, is_optional=True),
        field("warnings", "problems"),
    ],
)
"""What JSON has of a print's lines."""


def _columns(sums: dict[str, int]) -> list[Column]:
    return [each for each in COLUMNS if each.name in sums]


def _drawn(lines: PrintedLines, rows: Iterable[dict[str, Any]], sums: dict[str, int]) -> Listing:
    """Return what people are shown: no rows that learn nothing, and the sum marked."""
    heads = [each for each in NUMBERED if each.name in ("index", "label", "layer")]
    mark = "" if lines.whole else "+"
    below = [] if lines.whole else [_("+ is at least: not all of this network is counted.")]
    columns = [each._replace(heading=_(each.heading)) for each in (*heads, *_columns(sums))]
    return Listing(
        "rows",
        columns,
        [row for row in rows if row.get("params", 1)],
        feet=[{"layer": _("total"), **{name: f"{value:,}{mark}" for name, value in sums.items()}}],
        below=below,
    )
