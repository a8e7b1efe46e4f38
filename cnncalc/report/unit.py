"""What one unit reads along each axis, as rows under columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.volumes import AXES
from cnncalc.report.asked import fields_of
from cnncalc.report.fields import name_of
from cnncalc.report.listing import Schema
from cnncalc.report.quantity import axes_in_order
from cnncalc.speech.columns import Column, field, optional
from cnncalc.trace.effective_field import deviation, holding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.report.listing import Listing
    from cnncalc.report.report import Report
    from cnncalc.trace.effective_field import Weights
    from cnncalc.trace.read_pixels import ReadPixels
    from cnncalc.trace.units import Unit


def listed_unit(
    report: Report, unit: Unit, read: ReadPixels, weights: Sequence[Weights]
) -> Listing:
    """Return what a unit reads, a row for each axis, and what each pixel weighs."""
    sizes = unit.seen[:-1]
    ends = ("first", "last", "inside-first", "inside-last")
    columns = [Column("axis", "axis"), *(Column(each, each, "number") for each in ("unit", *ends))]
    if weights:
        columns += [Column(each, each, "number") for each in ("held-first", "held-last")]
        columns.append(Column("deviation", "deviation", "ratio"))
    rows: list[dict[str, Any]] = []
    for axis, (place, side) in enumerate(zip(unit.place, unit.sides, strict=True)):
        inside = read.ends(axis)
        pairs = (*(side or (None, None)), *(inside or (None, None)))
        row: dict[str, Any] = {
            "axis": AXES[len(sizes)][axis] if len(sizes) in AXES else str(axis),
            "unit": place,
        }
        row |= {"pixels": side, "inside": inside, "read": read.runs(axis)}
        rows.append({**row, **dict(zip(ends, pairs, strict=True))})
        if weights:
            found = weights[axis]
            held = holding(found) if found.whole else None
            rows[-1] |= {
                "weights": found.values,
                "of": found.whole,
                "exact": found.exact,
                "held": held,
                **dict(zip(("held-first", "held-last"), held or (None, None), strict=True)),
                "deviation": deviation(found),
            }
    return UNIT.listing(columns, rows, (report, unit))


UNIT = Schema(
    "axes",
    [
        *(field("axis"), field("unit", "number"), field("pixels", "volume?")),
        *(field("inside", "volume?"), field("read", "volume[]")),
        *optional((field("weights", "integer[]"), field("of", "integer"))),
        *optional((field("exact", "boolean"), field("held", "volume?"))),
        field("deviation", "float", is_optional=True),
    ],
    head=[
        field("network", get=lambda of: of[0].text),
        *fields_of(lambda of: of[0].settings),
        field(
            "input", "volume", lambda of: axes_in_order(of[1].seen, of[0].settings.channels_first)
        ),
        field("row", "number", lambda of: of[1].row.index),
        field("layer", get=lambda of: name_of(of[1].row)),
    ],
    tail=[
        field("warnings", "problems", lambda of: of[0].warnings),
        field("notes", "problems", lambda of: of[0].notes),
    ],
)
"""What JSON has of a unit: of each axis what it reads and, where that is asked, what it weighs."""
