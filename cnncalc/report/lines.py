"""A print's lines as rows: what each layer learns, without shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.report.listing import Listing
from cnncalc.report.quantities import QUANTITIES, column
from cnncalc.report.view import NUMBERED
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.notation.tree import Line, Lines

KNOWN = ("params", "weights", "biases")
"""What is known without shapes."""

COLUMNS = [column(QUANTITIES[name]) for name in KNOWN]


def totals(lines: Lines) -> dict[str, int]:
    """Return what the lines add up to, by the names of quantities."""
    sums = [_counts(line) for line in lines.lines]
    return {name: sum(each[name] for each in sums if each) for name in KNOWN}


def _counts(line: Line) -> dict[str, int]:
    if line.params is None or line.weights is None:
        return {}
    biases = line.params - line.weights
    return dict(zip(KNOWN, (line.params, line.weights, biases), strict=True))


def listed(lines: Lines) -> Listing:
    """Return a print's lines as rows under columns."""
    rows = [
        {
            **dict(zip(("index", "label", "layer", "kind"), (index, *_words(line)), strict=True)),
            **_counts(line),
        }
        for index, line in enumerate(lines.lines, 1)
    ]
    sums = totals(lines)
    whole: dict[str, Any] = {} if lines.whole else {"whole": False}
    return Listing(
        "rows",
        [*(each for each in NUMBERED if each.name in rows[0]), *COLUMNS],
        rows,
        tail={"totals": sums, **whole, "warnings": [each.as_data() for each in lines.warnings]},
        drawn=lambda: _drawn(lines, rows, sums),
    )


def _words(line: Line) -> tuple[str | None, str, str]:
    return line.label or None, line.text, line.kind


def _drawn(lines: Lines, rows: Iterable[dict[str, Any]], sums: dict[str, int]) -> Listing:
    """Return what people are shown: no rows that learn nothing, and the sum marked."""
    heads = [each for each in NUMBERED if each.name in ("index", "label", "layer")]
    mark = "" if lines.whole else "+"
    below = [] if lines.whole else [_("+ is at least: not all of this network is counted.")]
    columns = [each._replace(heading=_(each.heading)) for each in (*heads, *COLUMNS)]
    return Listing(
        "rows",
        columns,
        [row for row in rows if row.get("params", 1)],
        feet=[{"layer": _("total"), **{name: f"{value:,}{mark}" for name, value in sums.items()}}],
        below=below,
    )
